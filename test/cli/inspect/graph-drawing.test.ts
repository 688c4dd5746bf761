import { describe, expect, test } from "vitest";
import type { memoryStore } from "../../../cache/index.ts";
import { configure } from "../../../cli/configuration/configuration.ts";
import { familiesOf } from "../../../cli/inspect/families.ts";
import { drawingOf, factsOf, type Vertex } from "../../../cli/inspect/graph-drawing.ts";
import { dotText, mermaidText, treeText } from "../../../cli/present/graph.ts";
import { graphSvg } from "../../../cli/present/graph-svg.ts";
import { arrow, gridText, ink, styles } from "../../../cli/present/vertex.ts";
import { grid, type Node, place, type Stage, source } from "../../../pipeline/index.ts";
import { ancestors } from "../../../pipeline/inspect.ts";
import { cortex } from "../../../stages/cortex.ts";
import type { RecordingFile } from "../../../stages/recording.ts";
import { asIs, engineOf, type Num, num, record } from "../../support/harness.ts";

const toy: Stage<{ readonly n: number }, Record<string, Num>, Num> = {
  ...{ id: "toy", params: asIs() },
  run: async ({ params: { n } }) => num(n),
};
const at = (name: string, inputs: Record<string, Node<Num>> = {}) =>
  place(toy, `toy/${name}`, { n: 1 }, inputs);
const file = source("file", async () => num(1));
const a = at("a", { file });
const b = at("b", { a });
const c = at("c", { a, b });
const lonely = at("d");

const recordings = (count: number): RecordingFile[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ name: `r${index}`, file: `r${index}.mat` },
    read: async () => Uint8Array.of(index),
  }));
const whole = (count: number) => cortex(configure([]).configuration, recordings(count));

const drawn = async (targets: readonly Node[], all = false) => {
  const { engine, store } = engineOf([toy as unknown as Stage]);
  return drawingOf(await engine.plan(targets), store, all);
};

describe("families", () => {
  const names = (nodes: readonly Node[], all?: boolean) =>
    familiesOf(ancestors(nodes), all).map(({ name, members }) =>
      members.length > 1 ? `${members.length} ${name}` : name,
    );

  test("make one of many recordings, and of the residuals against them one for each ring trial", () => {
    const families = names(whole(12));
    expect(families.length).toBeLessThan(40);
    expect(families.filter((name) => name.includes("residual"))).toHaveLength(4);
    expect(families).toEqual(
      expect.arrayContaining([
        ...["12 file *", "12 recording/*", "12 residual/baseline/*", "12 residual/wide-stimulus/*"],
        ...["ring-trial/baseline", "ring-trial/wide-stimulus", "tf-fit/RS-cell", "fixed-point"],
      ]),
    );
    for (const [nodes, all] of [
      [whole(12), true],
      [whole(4), false],
    ] as const) {
      expect(names(nodes, all)).toHaveLength(ancestors(nodes).length);
    }
  });

  test("come after their inputs, hold every node once, and cover all edges", () => {
    const nodes = ancestors(whole(7));
    const families = familiesOf(nodes);
    const of = new Map(families.flatMap((family) => family.members.map((node) => [node, family] as const)));
    expect(families.flatMap(({ members }) => members)).toHaveLength(nodes.length);
    expect(of.size).toBe(nodes.length);
    const seen = new Set<unknown>();
    for (const family of families) {
      for (const input of family.inputs) expect(seen.has(input)).toBe(true);
      seen.add(family);
    }
    for (const node of nodes) {
      for (const input of node.kind === "stage" ? Object.values(node.inputs) : []) {
        expect(of.get(node)!.inputs).toContain(of.get(input));
      }
    }
  });

  test("are of places that are fed alike only", () => {
    const many = (prefix: string, input: Node<Num>) =>
      Array.from({ length: 5 }, (_, index) => at(`${prefix}/${index}`, { input }));
    expect(names([...many("x", a), ...many("y", b)])).toEqual([
      ...["file", "toy/a", "5 toy/x/*", "toy/b", "5 toy/y/*"],
    ]);
    const mixed = [1, 2, 3].map((n) => at(`x${n}/y`, { a })).concat([at("z", { a }), at("u", { a })]);
    expect(names(mixed)).toContain("5 toy/*");
  });
});

describe("a graph", () => {
  test("is drawn as a tree, each node once", async () => {
    expect(treeText(await drawn([c, lonely]))).toBe(
      ["■ file", "└─ ○ toy/a", "   └─ ◌ toy/b", "      └─ ◌ toy/c  ← toy/a", "○ toy/d"].join("\n"),
    );
    const painted = treeText(await drawn([lonely]), (text, state) => `<${state}>${text}</>`);
    expect(painted).toBe("<stale>○ toy/d</>");
  });

  test("is drawn for Mermaid and Graphviz, each edge once", async () => {
    const vertices = await drawn([c, at('"<d>#`')]);
    expect(mermaidText(vertices).split("\n")).toEqual([
      ...["flowchart LR", '  n0(["■ file<br/>source"]):::source'],
      ...['  n1["○ toy/#34;#60;d#62;#35;#96;<br/>would run"]:::stale'],
      ...['  n2["○ toy/a<br/>would run"]:::stale', "  n0 --> n2"],
      ...['  n3["◌ toy/b<br/>waits"]:::waiting', "  n2 --> n3"],
      ...['  n4["◌ toy/c<br/>waits"]:::waiting', "  n2 --> n4", "  n3 --> n4"],
      "  classDef stale fill:#fdebc8,stroke:#c07800,color:#1a1a1a",
      "  classDef waiting fill:#dceefa,stroke:#2a7fb8,color:#1a1a1a,stroke-dasharray:5 3",
      "  classDef source fill:#ededed,stroke:#7a7a7a,color:#1a1a1a",
    ]);
    const dot = dotText(vertices);
    expect(dot.match(/->/g)).toHaveLength(4);
    expect(dot).toContain('"toy/a" -> "toy/c";');
    expect(dot).toContain('"toy/\\"<d>#`" [label="○ toy/\\"<d>#`\\nwould run", shape=box');
  });

  test("tells how families stand, and how long they took", async () => {
    const { engine, store } = engineOf([toy as unknown as Stage]);
    const all = Array.from({ length: 6 }, (_, index) => at(String(index), { file }));
    await record(engine.run(all.slice(0, 4))).summary();
    for (const [key, text] of store.entries().map((entry) => [entry.key, entry] as const)) {
      const { tables } = store as ReturnType<typeof memoryStore>;
      tables.transaction(() => tables.results.put(key, JSON.stringify({ ...text, seconds: 10 })));
    }
    const plan = await engine.plan(all);
    const [, family] = drawingOf(plan, store);
    expect(family).toMatchObject({ state: "stale", counts: { fresh: 4, stale: 2 }, size: 6, seconds: 40 });
    expect(treeText(drawingOf(plan, store))).toBe(
      "■ file\n└─ ○ toy/*  6 stages: 4 up to date, 2 would run  40 s",
    );
    expect(factsOf(all[0]!, plan, store)).toEqual({
      ...{ name: "toy/0", kind: "stage", state: "fresh", seconds: 10, inputs: ["file"] },
    });
  });

  test("shows a grid as one node, with how much of it is known", async () => {
    const scan: Stage<{ readonly v: number }, Record<never, never>, Num> = {
      ...{ id: "scan", params: asIs() },
      run: async ({ params: { v } }) => num(v),
    };
    const { engine, store } = engineOf([scan as unknown as Stage]);
    const over = (...v: number[]) => grid(scan, "scan", { axes: { v }, params: {}, inputs: {}, chunk: 2 });
    await record(engine.run([over(1, 2)])).summary();
    const wider = over(1, 2, 3);
    const plan = await engine.plan([wider]);
    expect(treeText(drawingOf(plan, store))).toMatch(
      /^○ scan {2}1 axis, 3 points, 66 % known {2}<?0\.\d+ s$/,
    );
    expect(factsOf(wider, plan, store)).toMatchObject({ grid: { axes: 1, points: 3, known: 2 } });
    expect(gridText({ axes: 6, points: 15_625 })).toBe("6 axes, 15,625 points");
    expect(gridText({ axes: 6, points: 15_625, known: 9_700 })).toBe("6 axes, 15,625 points, 62 % known");
  });
});

describe("a picture", () => {
  /** Positions to whole pixels: another version of the layout's arithmetic is no difference. */
  const normalised = (svg: string) =>
    svg.replaceAll(/\d+\.\d+/g, (number) => String(Math.round(Number(number))));

  test("is the same every time, and what it was", async () => {
    const svg = graphSvg(await drawn([c, lonely]));
    expect(graphSvg(await drawn([c, lonely]))).toBe(svg);
    expect(normalised(svg)).toMatchSnapshot();
  });

  test("of the whole pipeline shows each family once, no boxes over one another, all within the frame", async () => {
    const svg = graphSvg(await drawn(whole(12)));
    const [, width, height] = /width="(\S+)" height="(\S+)"/.exec(svg)!.map(Number) as [
      number,
      number,
      number,
    ];
    const boxes = [
      ...svg.matchAll(/<g transform="translate\((\S+) (\S+)\)" fill.*?width="(\S+)" height="(\S+)"/g),
    ].map((match) => match.slice(1).map(Number) as [number, number, number, number]);
    const legend = Object.keys(styles).length;
    expect(boxes).toHaveLength(familiesOf(ancestors(whole(12))).length + legend);
    const own = boxes.slice(0, -legend);
    for (const [index, [x, y, w, h]] of own.entries()) {
      expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
      for (const [left, top, wide, high] of own.slice(index + 1)) {
        expect(x + w <= left || left + wide <= x || y + h <= top || top + high <= y).toBe(true);
      }
    }
    expect(width / height).toBeGreaterThan(1);
  });

  test("leaves out arrows that others imply, but tells all needs in words", async () => {
    const svg = graphSvg(await drawn([c]));
    expect(svg.match(/marker-end/g)).toHaveLength(3);
    expect(svg).toContain("toy/c, waits; needs toy/a, toy/b");
  });

  test("is well-formed whatever nodes are called", async () => {
    const odd = await drawn([at("<&>\"'\u0000\ud800é", { file })]);
    const svg = graphSvg(odd);
    expect(svg).toContain("toy/&lt;&amp;&gt;&quot;'\ufffd\ufffdé");
    expect(faultOfXml(svg)).toBeUndefined();
    expect(faultOfXml(graphSvg([]))).toBeUndefined();
    expect(faultOfXml(svg.replace("</svg>", ""))).toBe("svg is not closed");
    expect(faultOfXml(svg.replaceAll("&lt;", "<"))).toBeDefined();
  });

  test("can be read by everybody: text on all fills, lines and arrows on white and on black", () => {
    for (const { fill, line } of Object.values(styles)) {
      expect(contrast(ink, fill)).toBeGreaterThan(7);
      for (const ground of ["#ffffff", "#0d1117"]) expect(contrast(line, ground)).toBeGreaterThan(3);
    }
    for (const ground of ["#ffffff", "#0d1117"]) expect(contrast(arrow, ground)).toBeGreaterThan(3);
    expect(new Set(Object.values(styles).map(({ mark }) => mark)).size).toBe(5);
  });
});

/** WCAG 2's contrast of two colours, 1 to 21. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((place) => {
      const value = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Why a text is no well-formed XML of elements, double-quoted attributes and the five entities. */
function faultOfXml(text: string): string | undefined {
  const open: string[] = [];
  const content = /^(?:[^<>&]|&(?:amp|lt|gt|quot|apos);)*$/;
  let rest = text.trim();
  while (rest !== "") {
    const tag = /^<(\/?)([a-z]+)((?:\s+[A-Za-z:-]+="[^"<]*")*)\s*(\/?)>/.exec(rest);
    if (!tag) return `no tag: ${rest.slice(0, 40)}`;
    const [all, close, name, attributes = "", empty] = tag;
    if (!content.test(attributes)) return `a wrong entity in ${attributes}`;
    if (close) {
      if (open.pop() !== name) return `${name} is not open`;
    } else if (!empty) open.push(name!);
    const next = rest.indexOf("<", all.length);
    const between = rest.slice(all.length, next < 0 ? undefined : next);
    if (!content.test(between)) return `a wrong entity in ${between}`;
    rest = next < 0 ? "" : rest.slice(next);
  }
  return open.length > 0 ? `${open.pop()} is not closed` : undefined;
}

test("a vertex stands for what its nodes stand for", async () => {
  const vertices: readonly Vertex[] = await drawn(whole(12));
  expect(vertices.reduce((sum, { size }) => sum + size, 0)).toBe(ancestors(whole(12)).length);
});
