import { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import { type Parameter, parameters } from "./model/parameters/parameters.ts";
import { count } from "./model/parameters/units.ts";
import type { Recording } from "./recording.ts";
import { type Scan, units } from "./scan.ts";

const params = z.strictObject({
  recording: z.string().meta({ description: "the recording's name in the scan" }),
  starts: count(1, 100, "best points of the scan"),
});

/** The six inferred parameters as arrays along one dimension. */
export type Sets = Readonly<Record<Parameter, Doubles>>;

/** A recording, and the sets of parameters at which the scan came closest to it, the best first. */
export type Starts = Artifact<Recording["arrays"] & Sets & { residual: Doubles }, Recording["values"]>;

/**
 * Takes one recording's best points out of a scan, so that its refinement does not depend on other recordings. Among
 * equal residuals the first in the scan's order comes first.
 */
const starts: Stage<z.infer<typeof params>, { recording: Recording; scan: Scan }, Starts> = {
  id: "starts",
  params,
  async run({ params: { recording: name, starts }, inputs: { recording, scan } }) {
    const names = scan.values.recording as readonly string[];
    const at = names.indexOf(name);
    if (at < 0) throw new RangeError(`the scan has no recording ${name}`);
    const all = scan.arrays.residual.data;
    const residuals = Float64Array.from(
      { length: all.length / names.length },
      (_, k) => all[k * names.length + at]!,
    );
    const best = [...residuals.keys()]
      .sort((a, b) => residuals[a]! - residuals[b]! || a - b)
      .slice(0, starts);
    const sets: Record<string, Doubles> = {};
    let inner = residuals.length;
    for (const parameter of parameters) {
      const { data } = scan.arrays[parameter];
      inner /= data.length;
      const values = best.map((point) => data[Math.floor(point / inner) % data.length]!);
      sets[parameter] = vector("start", Float64Array.from(values), units[parameter]);
    }
    return {
      arrays: {
        ...recording.arrays,
        ...(sets as Sets),
        residual: vector(
          "start",
          Float64Array.from(best, (point) => residuals[point]!),
          "1",
        ),
      },
      values: recording.values,
    };
  },
};
export default starts;
