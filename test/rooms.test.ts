import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each room may import besides itself: other rooms, and packages. Node's own modules are free to all. */
const rooms: Record<string, { rooms: string[]; packages: string[] }> = {
  pipeline: {
    rooms: [],
    packages: ["rxjs", "hash-wasm", "esbuild", "acorn", "piscina", "bullmq", "ioredis"],
  },
  cache: { rooms: ["pipeline"], packages: ["lmdb", "ioredis"] },
  kernels: { rooms: [], packages: [] },
  // Of the framework only its errors: see below.
  data: { rooms: ["pipeline"], packages: ["fflate"] },
  stages: {
    rooms: ["pipeline", "kernels", "data"],
    packages: [
      "zod",
      "@stdlib/stats-base-dists-t-quantile",
      "@stdlib/stats-pcorrtest",
      "@stdlib/stats-ttest",
    ],
  },
  figures: { rooms: ["stages"], packages: ["@observablehq/plot", "@resvg/resvg-js"] },
  web: { rooms: ["pipeline", "figures"], packages: ["hono", "@hono/node-server", "rxjs"] },
  // What runs in browsers.
  "web/client": {
    rooms: ["pipeline", "figures", "web"],
    packages: ["lit", "@dagrejs/dagre", "@observablehq/plot"],
  },
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typesOnly: boolean;
}

const sources = (room: string) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("assembly"))
    .filter((file) => room !== "web" || !file.startsWith("client/"))
    .map((file) => join(room, file));

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);

function importsOf(file: string): Import[] {
  return parse(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    if (!statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const from = statement.moduleSpecifier.text;
    const typesOnly = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    return [{ file, from, typesOnly }];
  });
}

/** The room an import leads to, or the package. */
function target({ file, from }: Import): { room: string } | { package: string } {
  if (from.startsWith(".")) return { room: relative(root, join(root, file, "..", from)).split("/")[0]! };
  return { package: from.startsWith("@") ? from.split("/", 2).join("/") : from.split("/")[0]! };
}

describe.each(Object.keys(rooms))("%s", (room) => {
  const allowed = rooms[room]!;

  it("imports only what it may", () => {
    const files = sources(room);
    expect(files.length).toBeGreaterThan(0);
    const strangers = files.flatMap(importsOf).filter((found) => {
      const to = target(found);
      if ("room" in to) return to.room !== room.split("/")[0] && !allowed.rooms.includes(to.room);
      return !to.package.startsWith("node:") && !allowed.packages.includes(to.package);
    });
    expect(strangers).toEqual([]);
  });
});

/** The one module of the framework that readers and stages need when they run: what they throw comes from it. */
const errors = /\/pipeline\/errors\.ts$/;

it("data needs nothing of the framework but its errors", () => {
  const found = sources("data")
    .flatMap(importsOf)
    .filter(({ from }) => from.includes("/pipeline/"));
  expect(found.filter(({ from }) => !errors.test(from))).toEqual([]);
});

it("stages need no framework code but its errors to run: only their registry and the graph that places them import more", () => {
  const runtime = sources("stages")
    .flatMap(importsOf)
    .filter((found) => !found.typesOnly && "room" in target(found) && found.from.includes("/pipeline/"))
    .filter(({ from }) => !errors.test(from));
  expect(runtime.map(({ file }) => file).sort()).toEqual([
    "stages/cortex-inference.ts",
    "stages/cortex.ts",
    "stages/registry.ts",
  ]);
});

it("figures need no stages to be drawn: only their types", () => {
  const found = sources("figures").flatMap(importsOf);
  expect(found.filter((one) => !one.typesOnly && one.from.includes("/stages/"))).toEqual([]);
});

it("nothing loads figures, which take longer than most commands, before they are asked for", () => {
  const found = [
    ...Object.keys(rooms).filter((room) => !["figures", "web/client"].includes(room)),
    "cli",
  ].flatMap(sources);
  const loading = found.flatMap(importsOf).filter((one) => !one.typesOnly && one.from.includes("/figures/"));
  expect(loading).toEqual([]);
});

it("nothing loads what goes by way of Redis before it is asked for", () => {
  const strangers = [...Object.keys(rooms), "cli"]
    .flatMap(sources)
    .filter((file) => !file.startsWith("pipeline/queue/") && file !== "cli/commands/worker.ts")
    .flatMap(importsOf)
    .filter((one) => !one.typesOnly);
  const loading = strangers.filter(
    ({ from }) => ["bullmq", "ioredis"].includes(from) || from.includes("/queue/"),
  );
  expect(loading).toEqual([]);
});

it("nothing imports the scripts", () => {
  const found = [...Object.keys(rooms), "cli"].flatMap(sources).flatMap(importsOf);
  expect(found.filter(({ from }) => from.includes("/scripts/"))).toEqual([]);
});

it("no room imports the command line", () => {
  const found = Object.keys(rooms).flatMap(sources).flatMap(importsOf);
  expect(found.filter(({ from }) => from.includes("/cli/"))).toEqual([]);
});

describe("imports, types included, make no circle", () => {
  const all = new Set([...Object.keys(rooms), "cli", "scripts"].flatMap(sources));
  const edges = new Map(
    [...all].map((file) => [
      file,
      ts
        .preProcessFile(readFileSync(join(root, file), "utf8"))
        .importedFiles.map(({ fileName }) => join(file, "..", fileName))
        .filter((imported) => all.has(imported)),
    ]),
  );

  it("of files", () => {
    expect(circleIn(edges)).toEqual([]);
  });

  // Files at the top of a room are its entries and its ground: they may stand on both ends.
  it.each(["pipeline", "cache", "stages", "cli"])("of folders in %s", (room) => {
    const folderOf = (file: string) => dirname(file);
    const isInside = (file: string) => file.startsWith(`${room}/`) && folderOf(file) !== room;
    const folders = new Map<string, string[]>();
    for (const [file, imported] of edges) {
      if (!isInside(file)) continue;
      const others = imported.filter(isInside).map(folderOf);
      const own = folderOf(file);
      folders.set(own, [...(folders.get(own) ?? []), ...others.filter((other) => other !== own)]);
    }
    expect(circleIn(folders)).toEqual([]);
  });
});

/** One circle of a graph, each node followed by the one it leads to; empty where there is none. */
function circleIn(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const search = (node: string): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const circle = search(next);
      if (circle.length > 0) return circle;
    }
    path.pop();
    done.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const circle = search(node);
    if (circle.length > 0) return circle;
  }
  return [];
}

// Everything else in Math differs between engines and versions in its last bits, and `**` is Math.pow.
const exact = [
  "abs",
  "ceil",
  "clz32",
  "floor",
  "fround",
  "imul",
  "max",
  "min",
  "round",
  "sign",
  "sqrt",
  "trunc",
];

it("arithmetic whose results are stored is what IEEE 754 fixes", () => {
  const inexact: string[] = [];
  for (const file of ["stages", "kernels", "data"].flatMap(sources)) {
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node) && node.expression.getText() === "Math") {
        const name = node.name.text;
        const constant = /^[A-Z0-9_]+$/.test(name);
        if (!constant && !exact.includes(name)) inexact.push(`${file}: Math.${name}`);
      }
      if (
        node.kind === ts.SyntaxKind.AsteriskAsteriskToken ||
        node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken
      ) {
        const literal = ts.isBinaryExpression(node.parent) && ts.isNumericLiteral(node.parent.left);
        if (!literal) inexact.push(`${file}: **`);
      }
      ts.forEachChild(node, visit);
    };
    visit(parse(file));
  }
  expect(inexact).toEqual([]);
});

it("no stage looks at the clock, the environment, files or chance", () => {
  const forbidden = /\b(Date|performance|Math\.random|process|setTimeout|node:fs)\b/;
  const found = sources("stages").filter((file) => {
    const printed = ts.createPrinter({ removeComments: true }).printFile(parse(file));
    return forbidden.test(printed);
  });
  expect(found).toEqual([]);
});
