// @module-tag slow
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import type { Json, StageNode } from "../../pipeline/index.ts";
import { type ConfigurationInput, configurationSchema } from "../../stages/configuration.ts";
import { cortex } from "../../stages/cortex.ts";
import { root } from "../project.ts";

/** Compilers take seconds, but many where the machine is busy; ms. */
const patience = 240_000;

/** Inserts a text after another, in a file. */
type Edit = readonly [file: string, after: string, text: string];

const recordings = [{ name: "a", file: "a.mat", read: async () => new Uint8Array() }];
const added = 'added: z.number().default(1).meta({ description: "new" }),';
const maybe = "maybe: z.number().optional(),";
const addedTo = (file: string, schema: string, text = added + maybe): Edit => [
  file,
  `const ${schema} = z.strictObject({`,
  text,
];

/** A copy of the stages with edits, compiled; it shares what compilers read with the others. */
class Copy {
  static readonly #known = new Map<string, ts.SourceFile>();
  readonly folder = mkdtempSync(join(tmpdir(), "mesoflow-parameters-"));
  /** The files that do not compile. */
  readonly refused: readonly string[];

  constructor(edits: readonly Edit[]) {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const options = { ...parsed.options, outDir: this.folder, declaration: false, sourceMap: false };
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile;
    host.getSourceFile = (path, target) => {
      const own = edits.filter(([file]) => join(root, file) === path);
      if (own.length > 0) return ts.createSourceFile(path, edited(path, own), target, true);
      const known = Copy.#known.get(path) ?? read(path, target);
      if (known) Copy.#known.set(path, known);
      return known;
    };
    const ambient = parsed.fileNames.filter((file) => file.endsWith(".d.ts"));
    const program = ts.createProgram([join(root, "stages/cortex.ts"), ...ambient], options, host);
    const found = ts.getPreEmitDiagnostics(program).map(({ file }) => relative(root, file?.fileName ?? root));
    this.refused = [...new Set(found)].sort();
    program.emit();
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    cpSync(join(root, "kernels/kernels.wasm"), join(this.folder, "kernels/kernels.wasm"));
  }

  async graph(input: object): Promise<StageNode[]> {
    const load = (file: string) => import(pathToFileURL(join(this.folder, file)).href);
    const { configurationSchema: schema } = await load("stages/configuration.js");
    return (await load("stages/cortex.js")).cortex(schema.parse(input), recordings);
  }
}

function edited(path: string, edits: readonly Edit[]): string {
  return edits.reduce(
    (text, [, after, inserted]) => {
      expect(text.split(after)).toHaveLength(2);
      return text.replace(after, after + inserted);
    },
    readFileSync(path, "utf8"),
  );
}

const valueAt = (params: Json, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], params);
const names = (nodes: readonly StageNode[]) => nodes.map(({ name }) => name).sort();

/** Where a parameter stands among a stage's, for one that stands there already. */
const used = {
  ring: ["ring.dt"],
  mean_field: ["mean_field.T"],
  spiking: ["spiking.dt"],
  waveform: ["waveform.t0"],
  tf: ["tf.dt"],
  propagation: ["propagation.crossing"],
} as const;
type Section = keyof typeof used & keyof ConfigurationInput;

const unedited = cortex(configurationSchema.parse({}), recordings);

/** Expects a new parameter, set or left to its default, in every stage that has another of its schema. */
async function arrives(copy: Copy, sections: readonly Section[]): Promise<void> {
  const given = (values: object) =>
    Object.fromEntries(
      sections.map((section) => [section, section === "mean_field" ? values : { ...values, maybe: 3 }]),
    );
  const [set, left] = [await copy.graph(given({ added: 2 })), await copy.graph(given({}))];
  for (const path of sections.flatMap((section) => used[section])) {
    const section = path.split(".")[0]!;
    const users = names(unedited.filter(({ params }) => valueAt(params, path) !== undefined));
    expect(users).not.toEqual([]);
    const holding = (graph: readonly StageNode[], name: string, value: number) =>
      names(graph.filter(({ params }) => valueAt(params, `${section}.${name}`) === value));
    expect(holding(set, "added", 2)).toEqual(users);
    if (section !== "mean_field") expect(holding(set, "maybe", 3)).toEqual(users);
    expect(holding(left, "added", 1)).toEqual(users);
  }
}

describe("a new parameter reaches every stage that uses its schema, or does not compile", () => {
  const copies: Copy[] = [];
  afterAll(() => {
    for (const { folder } of copies) rmSync(folder, { recursive: true });
  });
  const copy = (...edits: Edit[]): Copy => {
    copies.push(new Copy(edits));
    return copies.at(-1)!;
  };

  test(
    "of mean field, spiking networks, waveform, transfer functions and propagation",
    async () => {
      const made = copy(
        // Without a default it does not compile: what stages take of the mean field is complete.
        addedTo("stages/model/mean-field/field.ts", "meanFieldSchema", added),
        addedTo("stages/model/spiking/spiking.ts", "spikingSchema"),
        addedTo("stages/model/stimulus/waveform.ts", "waveformSchema"),
        addedTo("stages/tf-simulation.ts", "tfSchema"),
        addedTo("stages/model/propagation/propagation-settings.ts", "propagationSchema"),
      );
      expect(made.refused).toEqual([]);
      await arrives(made, ["mean_field", "spiking", "waveform", "tf", "propagation"]);
    },
    patience,
  );

  test(
    "of the ring",
    async () => {
      const ring = addedTo("stages/model/ring/trial.ts", "ringSchema");
      expect(copy(ring).refused).toEqual(["stages/posterior.ts"]);
      const posterior: Edit[] = [
        ["stages/posterior.ts", "const { pixels, ", "added, maybe, "],
        ["stages/posterior.ts", "z.strictObject({ pixels, ", "added, maybe, "],
      ];
      const made = copy(ring, ...posterior);
      expect(made.refused).toEqual([]);
      await arrives(made, ["ring"]);
    },
    patience,
  );

  test(
    "of comparisons and of the scan's ranges",
    () => {
      const comparison = addedTo("stages/model/comparison/comparison.ts", "comparisonSchema");
      const range: Edit = [
        "stages/scan.ts",
        "const scanSchema = z.strictObject({",
        "dt: range(tau1, [1, 2]),",
      ];
      expect(copy(comparison, range).refused).toEqual(["stages/cortex-inference.ts", "stages/scan.ts"]);
    },
    patience,
  );
});
