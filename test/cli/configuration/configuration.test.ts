import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { configure, layerOfSet, settingsOf } from "../../../cli/configuration/configuration.ts";
import { optionsOf } from "../../../cli/options.ts";

const folder = mkdtempSync(join(tmpdir(), "mesoflow-configuration-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const set = (...texts: string[]) => configure(texts.map(layerOfSet));
/** The sentences with which settings are refused. */
const refusal = (...texts: string[]): string[] => {
  try {
    set(...texts);
  } catch (thrown) {
    expect((thrown as Error).name).toBe("BadInput");
    return (thrown as Error).message.split("\n");
  }
  throw new Error("nothing was wrong");
};

describe("layers", () => {
  it("give the defaults where there are none", () => {
    const { configuration, origins } = configure([]);
    expect(configuration.ring.v_c).toBe(300);
    expect(configuration.coefficients).toBe("fit");
    expect(configuration.residual).toEqual({ t_range: [-50, 200], normalisation: "own-max" });
    expect(configuration.recordings).toBeUndefined();
    expect(origins.size).toBe(0);
  });

  it("merge section by section, the last one on top, lists as a whole", () => {
    const { configuration, origins } = configure([
      { origin: "a", values: { ring: { v_c: 100, tau1: 20 }, residual: { t_range: [0, 10] } } },
      { origin: "b", values: { ring: { v_c: 200 } } },
      { origin: "c", values: { "residual.t_range": [5, 20], ring: { tau2: undefined } } },
    ]);
    expect(configuration.ring).toMatchObject({ v_c: 200, tau1: 20, tau2: 150 });
    expect(configuration.residual.t_range).toEqual([5, 20]);
    expect(Object.fromEntries(origins)).toEqual({
      "ring.v_c": "b",
      "ring.tau1": "a",
      "residual.t_range": "c",
    });
  });

  it("merge numbers by name, dots and all, name by name", () => {
    const { configuration, origins } = configure([
      { origin: "a", values: { inference: { durations: { one: 10, "two.5": 20 } } } },
      { origin: "b", values: { "inference.durations.one": 50 } },
    ]);
    expect(configuration.inference.durations).toEqual({ one: 50, "two.5": 20 });
    expect(origins.get("inference.durations.two.5")).toBe("a");
    expect(origins.get("inference.durations")).toBe("b");
  });

  it("come as profile, then file, then --set", async () => {
    const config = file("layers.json", '{"reading": "as-published", "coefficients": "fit", "tf.seeds": 2}');
    const { configuration, origins } = await settingsOf({
      profile: "notebook",
      config,
      set: ["coefficients=authors", "ring.tau1=7"],
    });
    expect(configuration).toMatchObject({
      reading: "as-published",
      coefficients: "authors",
      ring: { tau1: 7 },
      tf: { seeds: 2 },
    });
    expect(origins.get("reading")).toBe(`--config ${config}`);
    expect(origins.get("coefficients")).toBe("--set");
  });

  it.each([
    ["ring.v_c=50", { ring: { v_c: 50 } }],
    ["residual.t_range=[-40, 100]", { residual: { t_range: [-40, 100] } }],
    ["recordings=../a/*.mat", { recordings: "../a/*.mat" }],
    ['recordings=["a.mat","b=c.mat"]', { recordings: ["a.mat", "b=c.mat"] }],
    ["recordings=a=b.mat", { recordings: "a=b.mat" }],
    ['ring={"v_c": 60, "tau1": 4}', { ring: { v_c: 60, tau1: 4 } }],
    ["network=Vogels-Abbott", { network: "Vogels-Abbott" }],
    ["inference.durations.wa080523=50", { inference: { durations: { wa080523: 50 } } }],
    ['inference.durations={"a.b": 5, "c": 6}', { inference: { durations: { "a.b": 5, c: 6 } } }],
  ])("take --set %s", (text, expected) => {
    expect(set(text).configuration).toMatchObject(expected);
  });
});

describe("a wrong value is told in a sentence:", () => {
  it.each([
    ["ring.vc=3", "Unknown configuration path ring.vc (--set): did you mean ring.v_c?"],
    ["v_c=3", "Unknown configuration path v_c (--set): did you mean ring.v_c?"],
    ["tf.v_c=3", "Unknown configuration path tf.v_c (--set): did you mean ring.v_c?"],
    ["ring.velocity=3", "Unknown configuration path ring.velocity (--set): did you mean ring.v_c?"],
    ["qqqqq.zzzz=3", "Unknown configuration path qqqqq.zzzz (--set): mesoflow parameters lists them all."],
    ["x.y=3", "Unknown configuration path x.y (--set): mesoflow parameters lists them all."],
    ["coefficients=zzzzzz", 'coefficients is "zzzzzz" (--set), but must be fit, notebook or authors.'],
    [
      "residual.t_range.0=3",
      "Unknown configuration path residual.t_range.0 (--set): did you mean residual.t_range?",
    ],
    ["cells=RS-cell", "Configuration path cells (--set) is a section: set cells.exc or cells.inh."],
    [
      "ring.v_c=-5",
      "ring.v_c is -5 mm/s (--set), but must be above 0 and at most 1000000 mm/s: conduction velocity.",
    ],
    [
      "ring.v_c=fast",
      'ring.v_c is "fast" (--set), but must be a number above 0 and at most 1000000 mm/s: conduction velocity.',
    ],
    [
      "ring.amplitude=-1",
      "ring.amplitude is -1 Hz (--set), but must be from 0 to 1000 Hz: peak of the stimulus.",
    ],
    ["ring.pixels=1", "ring.pixels is 1 (--set), but must be from 2 to 100000: units of the ring."],
    [
      "ring.pixels=2.5",
      "ring.pixels is 2.5 (--set), but must be a whole number from 2 to 100000: units of the ring.",
    ],
    [
      "ring.dt=1e999",
      "ring.dt is Infinity ms (--set), but must be a number above 0 and at most 5 ms: time step.",
    ],
    [
      "mean_field.drive=null",
      "mean_field.drive is null (--set), but must be a number from 0 to 1000 Hz: external drive; the network's unless given.",
    ],
    [
      "reading=as-code",
      'reading is "as-code" (--set), but must be as-coded or as-published: did you mean as-coded?',
    ],
    ["coefficients=1", "coefficients is 1 (--set), but must be fit, notebook or authors."],
    [
      "residual.t_range=[200, -50]",
      "residual.t_range is [200, -50] ms (--set), but must rise from low to high: part of the recording that is compared, on its own clock.",
    ],
    [
      "residual.t_range=[1]",
      "residual.t_range is [1] ms (--set), but must be two rising numbers [low, high] in ms: part of the recording that is compared, on its own clock.",
    ],
    [
      "tf.nu_i_range=[-1, 4]",
      "tf.nu_i_range is [-1, 4] Hz (--set), but must not be negative: first and last inhibitory rate.",
    ],
    [
      "recordings=5",
      "recordings is 5 (--set), but must be text or a list of texts: recordings, as files, folders or globs; the bundled example unless given.",
    ],
    [
      "inference.durations.a=-5",
      "inference.durations.a is -5 ms (--set), but must be above 0 and at most 10000 ms: how long the stimulus lasted, by recording; as the files' names say unless given.",
    ],
    [
      'inference.durations={"a.b": "long"}',
      'inference.durations.a.b is "long" (--set), but must be a number above 0 and at most 10000 ms: how long the stimulus lasted, by recording; as the files\' names say unless given.',
    ],
    [
      "inference.durations=50",
      "inference.durations is 50 ms (--set), but must be numbers by name, each above 0 and at most 10000 ms: how long the stimulus lasted, by recording; as the files' names say unless given.",
    ],
    [
      "inference.duration.a=50",
      "Unknown configuration path inference.duration.a (--set): did you mean inference.durations?",
    ],
    ["ring.v_c", "--set ring.v_c sets nothing: write --set path=value, as in --set ring.v_c=50."],
    ["=5", "--set =5 sets nothing: write --set path=value, as in --set ring.v_c=50."],
  ])("%s", (text, sentence) => {
    expect(refusal(text)).toEqual([sentence]);
  });

  it("each fault has its own, and no path reaches a prototype", () => {
    const sentences = refusal("ring.v_c=0", "__proto__.x=1", "constructor.y=2", "tf.seeds=0");
    expect(sentences).toHaveLength(4);
    expect(sentences.join()).toContain("Unknown configuration path __proto__.x (--set)");
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it("one that does not go with another is told with both, wherever they came from", async () => {
    const half = "must be at most half of mean_field.T, which is";
    expect(refusal("ring.dt=3")).toEqual([
      `ring.dt is 3 ms (--set), but ${half} 5 ms (the default), for the steps to converge: time step.`,
    ]);
    expect(refusal("mean_field.T=0.8")).toEqual([
      `ring.dt is 0.5 ms (the default), but ${half} 0.8 ms (--set), for the steps to converge: time step.`,
    ]);
    const config = file("steps.yaml", "ring: {dt: 4}\n");
    await expect(settingsOf({ config, set: ["mean_field.T=7"] })).rejects.toThrow(
      `ring.dt is 4 ms (--config ${config}), but ${half} 7 ms (--set), for the steps to converge: time step.`,
    );
    expect(set("ring.dt=4", "mean_field.T=8").configuration.ring.dt).toBe(4);
  });

  it("an unknown profile", async () => {
    await expect(settingsOf({ profile: "notebok", set: [] })).rejects.toThrow(
      "Unknown profile notebok (--profile): did you mean notebook (there are default, notebook and paper)?",
    );
    await expect(settingsOf({ profile: "toString", set: [] })).rejects.toThrow("Unknown profile toString");
    await expect(settingsOf({ profile: "zzzzzzz", set: [] })).rejects.toThrow(
      "Unknown profile zzzzzzz (--profile): there are default, notebook and paper.",
    );
  });

  it.each([
    [
      { jobs: "two" },
      "--jobs is two, but must be a whole number from 1 on: how many stages may run at once.",
    ],
    [{ jobs: "0" }, "--jobs is 0, but must be a whole number from 1 on: how many stages may run at once."],
    [{ config: ["a", "b"] }, "--config is given 2 times: give it once."],
  ])("an option that cannot be used: %j", (argv, sentence) => {
    expect(() => optionsOf(argv)).toThrow(sentence);
  });
});

describe("a configuration file", () => {
  it.each([
    ["a.json", '{"ring": {"v_c": 70}}'],
    ["a.yaml", "ring:\n  v_c: 70\n"],
    ["a.toml", "[ring]\nv_c = 70\n"],
    ["a.ts", "const v_c: number = 70;\nexport default { ring: { v_c } };\n"],
    ["a.mjs", "export default { ring: { v_c: 70 } };\n"],
    ["marked.json", '\uFEFF{"ring": {"v_c": 70}}'],
    ["shared.yaml", "ring: &ring {v_c: 70}\n"],
  ])("may be %s", async (name, content) => {
    const { configuration } = await settingsOf({ config: file(name, content), set: [] });
    expect(configuration.ring).toMatchObject({ v_c: 70, tau1: 50 });
  });

  it.each([
    ...["empty.json", "empty.yaml", "empty.toml", "empty.ts"].map((name) => [name, "\n"] as const),
    ["comment.yaml", "# ring: {v_c: 70}\n"] as const,
    ["comment.ts", "export default {\n  // ring: { v_c: 70 },\n};\n"] as const,
  ])("may be empty: %s", async (name, content) => {
    const { origins } = await settingsOf({ config: file(name, content), set: [] });
    expect(origins.size).toBe(0);
  });

  const example = 'but must hold an object like {"ring": {"v_c": 300}}.';
  it.each([
    ["list.json", "[1]", `holds a list, ${example}`],
    ["null.json", "null", `holds nothing, ${example}`],
    ["text.json", '"a"', `holds a string, ${example}`],
    ["list.yaml", "- 1\n", `holds a list, ${example}`],
    ["broken.json", "{bad", "cannot be parsed: Expected property name or '}' in JSON at position 1"],
    ["broken.yaml", "a: [1\nb", "cannot be parsed: missed comma between flow collection entries (2:1)."],
    ["broken.toml", "a = ", "cannot be parsed: Invalid TOML document"],
    ["broken.ts", "const a: = ", "cannot be parsed: ParseError"],
    ["throws.mjs", 'throw new Error("boom")', "cannot be parsed: boom."],
    [
      "nothing.ts",
      "const v_c: number = 70;\n",
      "exports nothing: write export default { ring: { v_c: 300 } }.",
    ],
    ["circle.yaml", "ring: &ring\n  v_c: *ring\n", "holds a section that is part of itself: write out"],
    [
      "circle.mjs",
      "const all = {};\nall.ring = [all];\nexport default all;\n",
      "holds a section that is part of itself: write out",
    ],
    ["nobody.ts", "export {};\n", "exports nothing: write export default { ring: { v_c: 300 } }."],
    ["nothing.mjs", "const v_c = 70;\n", "exports nothing: write export default { ring: { v_c: 300 } }."],
    ["null.ts", "export default null;\n", `holds nothing, ${example}`],
    ["list.ts", "export default [1];\n", `holds a list, ${example}`],
    ["lists.yaml", "- ring: {v_c: 50}\n- tf: {seeds: 2}\n", `holds a list, ${example}`],
    ["settings.ini", "v_c = 70", "is of no known kind: its name must end in .json, .yaml,"],
  ])("is refused if it is %s", async (name, content, reason) => {
    const config = file(name, content);
    const refused = await settingsOf({ config, set: [] }).catch((thrown) => thrown);
    expect(refused.name).toBe("BadInput");
    expect(refused.message).toContain(`The configuration file ${config} (--config) ${reason}`);
    expect(refused.message.split("\n")).toHaveLength(1);
  });

  it("is refused if it is a link to itself", async () => {
    const config = join(folder, "loop.json");
    symlinkSync(config, config);
    await expect(settingsOf({ config, set: [] })).rejects.toThrow(
      `The configuration file ${config} (--config) cannot be read: it is a link that leads back to itself.`,
    );
  });

  it("is named where its values are wrong, or where it is missing", async () => {
    const config = file("wrong.yaml", "ring:\n  v_c: .inf\n  tau: 3\n");
    const refused = await settingsOf({ config, set: [] }).catch((thrown) => thrown);
    expect(refused.message.split("\n")).toEqual([
      `Unknown configuration path ring.tau (--config ${config}): did you mean ring.tau1?`,
      `ring.v_c is Infinity mm/s (--config ${config}), but must be a number above 0 and at most 1000000 mm/s: conduction velocity.`,
    ]);
    await expect(settingsOf({ config: "missing.json", set: [] })).rejects.toThrow(
      "The configuration file missing.json (--config) cannot be read: it does not exist.",
    );
  });
});
