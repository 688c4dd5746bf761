import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../cache/index.ts";
import { exampleRecording } from "../../data/example.ts";
import { Engine, type GridNode, grid, type StageNode } from "../../pipeline/index.ts";
import { type ConfigurationInput, configurationSchema, profiles } from "../../stages/configuration.ts";
import { cortex } from "../../stages/cortex.ts";
import fixedPoint from "../../stages/fixed-point.ts";
import { modelOf, residualOf, targetOf } from "../../stages/model/comparison/comparison.ts";
import { residualsOf } from "../../stages/model/comparison/residuals.ts";
import { meanFieldOf } from "../../stages/model/mean-field/field.ts";
import { depolarisationOf, ringSchema, trialOf } from "../../stages/model/ring/trial.ts";
import type { RecordingFile } from "../../stages/recording.ts";
import recording, { type Recording } from "../../stages/recording.ts";
import { stages } from "../../stages/registry.ts";
import scan, { type ScanPoint } from "../../stages/scan.ts";
import { golden, hasShared, relative, titled } from "../golden.ts";
import { authorsRecordings, filmedOtherwise } from "../recordings.ts";
import { field, idle, notebook } from "./context.ts";

const example: RecordingFile = {
  name: "example",
  file: "example.mat",
  read: async () => new Uint8Array(readFileSync(exampleRecording)),
};

function scanNode(input: ConfigurationInput, recordings: readonly RecordingFile[]): GridNode<ScanPoint> {
  const nodes = cortex(configurationSchema.parse({ ...profiles.notebook, ...input }), recordings);
  return nodes.find(({ name }) => name === "scan") as unknown as GridNode<ScanPoint>;
}

/** Residuals of a grid, [points, recordings]. */
async function residuals(node: StageNode): Promise<Float64Array> {
  const { arrays } = await new Engine({ store: memoryStore(), stages }).compute(node);
  return arrays.residual!.data as Float64Array;
}

describe.skipIf(!hasShared)(titled("the scan over the authors' recordings", hasShared, "../shared"), () => {
  const files = authorsRecordings.map(({ file }) => file);

  it("of N = 2 has all the residuals that their own program gives", async () => {
    const node = scanNode({ scan: { points: 2 } }, authorsRecordings);
    const got = await residuals(node);
    const names = ["conduction_velocity_mm_s", "l_stim_mm", "l_exc_mm", "l_inh_mm", "tau2_s", "tau1_s"];
    const theirs = golden("scan_n2");
    expect(theirs).toHaveLength(64);
    const places = new Set<number>();
    for (const { parameters, residuals: want } of theirs) {
      const place = names.reduce((at, name, axis) => {
        const value =
          name.endsWith("_s") && name.startsWith("tau") ? 1e3 * parameters[name] : parameters[name];
        return 2 * at + node.grid.axes[axis]!.values.indexOf(value);
      }, 0);
      places.add(place);
      const here = got.subarray(place * files.length, (place + 1) * files.length);
      expect(
        relative(
          here,
          files.map((file) => want[file].factor_t_m100_300),
        ),
      ).toBeLessThan(1e-9);
    }
    expect([places.size, got.length]).toEqual([64, 64 * 12]);
  });

  it("of N = 5 has the residuals that NumPy and SciPy give at forty of its points", async () => {
    const { points, t_range } = golden("scan_n5");
    const { params, inputs, grid: whole } = scanNode({ scan: { points: 5, t_range } }, authorsRecordings);
    // biome-ignore lint/suspicious/noExplicitAny: the file's own form
    for (const { indices, parameters } of points as any[]) {
      const values = indices.map((index: number, axis: number) => whole.axes[axis]!.values[index]);
      expect(Object.values(parameters)).toEqual(values);
    }
    const { exc, inh, fixedPoint, ...recordings } = inputs;
    // biome-ignore lint/suspicious/noExplicitAny: a grid over a list of points of the same stage
    const options: any = {
      points: points.map(({ parameters }: { parameters: object }) => parameters),
      axes: { recording: Object.values(recordings) },
      params,
      inputs: { exc, inh, fixedPoint },
    };
    const got = await residuals(grid(scan, "scan", options));
    const want = points.flatMap((point: { residuals: Record<string, number> }) =>
      files.map((file) => point.residuals[file]),
    );
    expect(want).toHaveLength(40 * 12);
    expect(relative(got, want)).toBeLessThan(1e-9);
  });
});

it("a scan aligns each recording by itself, whatever its frames, rows, length and clock", async () => {
  const films: RecordingFile[] = Object.entries({
    asis: {},
    slower: { frames: 2 },
    coarser: { rows: 5, shift: 12.5 },
    shorter: { last: 150, shift: -3 },
  }).map(([name, how]) => ({ name, file: `${name}.mat`, read: async () => filmedOtherwise(how) }));
  const together = await residuals(scanNode({}, films));
  expect(together).toHaveLength(64 * films.length);
  for (const [k, film] of films.entries()) {
    const alone = await residuals(scanNode({}, [film]));
    expect(alone).toEqual(together.filter((_, place) => place % films.length === k));
  }
  // Trials may come out equal (one film ends before the decay begins), recordings do not.
  for (let trial = 0; trial < 64; trial += 1) {
    expect(new Set(together.subarray(4 * trial, 4 * trial + 4)).size).toBe(4);
  }
});

describe("what is fast is what is slow, bit by bit", async () => {
  const rest = await fixedPoint.run({ ...idle, params: field(4), inputs: notebook });
  const bytes = { data: await example.read(), shape: [0], dims: ["byte"], units: "1" };
  const file = { arrays: { bytes }, values: {} };
  const whole = await recording.run({ ...idle, params: { file: "example.mat" }, inputs: { file } });
  const params = { ...field(4), ring: ringSchema.parse({ tau1: 10, tau2: 50, l_exc: 3 }) };
  const trial = trialOf(params, meanFieldOf(params, notebook), rest);

  it("δV of a trial", () => {
    const { time, space, deltaV } = depolarisationOf(params, meanFieldOf(params, notebook), rest);
    expect({ time, space, deltaV }).toEqual({ time: trial.time, space: trial.space, deltaV: trial.deltaV });
  });

  it.each(["fixed", "own-max"] as const)("residuals of a trial, normalisation %s", (normalisation) => {
    const response = { time: trial.time.map((t) => 1e3 * t), deltaV: trial.deltaV, pixels: 30 };
    const against = residualsOf(response, normalisation);
    // The last window ends after the trial does, where the model is 0.
    const windows = [
      [-50, 200],
      [-100, 300],
      [100, 379],
    ] as const;
    const shown = windows.flatMap((window) =>
      [0, 40, 90].map((rows) => {
        const target = targetOf(withoutLast(rows, whole), { space: trial.space, extent: 36 }, window);
        const slow = residualOf(target, modelOf(target, response, normalisation));
        expect(against(target)).toBe(slow);
        return slow;
      }),
    );
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.every(Number.isFinite)).toBe(true);
  });
});

/** A recording without its last rows. */
function withoutLast(rows: number, { arrays: { time, space, vsd }, values }: Recording): Recording {
  const kept = space.data.length - rows;
  return {
    arrays: {
      time,
      space: { ...space, data: space.data.slice(0, kept), shape: [kept] },
      vsd: { ...vsd, data: vsd.data.slice(0, kept * time.data.length), shape: [kept, time.data.length] },
    },
    values,
  };
}
