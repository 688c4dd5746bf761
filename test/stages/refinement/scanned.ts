import { type Doubles, vector } from "../../../stages/labelled-arrays.ts";
import { comparisonSchema } from "../../../stages/model/comparison/comparison.ts";
import type { Recording } from "../../../stages/recording.ts";
import scan, { axesOf, type Scan, scanSchema, units } from "../../../stages/scan.ts";
import starts, { type Starts } from "../../../stages/starts.ts";
import { inputs, ring } from "../../support/noiseless.ts";
import { field, idle } from "../context.ts";

const { t_range, normalisation } = scanSchema.parse({});
export const scanned = { t_range, normalisation };

/** The whole scan of a recording at so many values of each parameter. */
export async function scanOf(recording: Recording, points: number): Promise<Scan> {
  const axes = axesOf(scanSchema.parse({ points }));
  const rows = Object.entries(axes).reduce<object[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
  const params = rows.map((row) =>
    scan.params.parse({ ...field(4), ...row, ring, comparison: comparisonSchema.parse(scanned) }),
  );
  const made = await scan.batch!({
    ...idle,
    points: params.map((params) => ({ params, inputs: { ...inputs, recording } })),
  });
  const coordinates = Object.entries(axes).map(([name, values]) => [
    name,
    vector(name, Float64Array.from(values), units[name as keyof typeof units]),
  ]);
  const residual: Doubles = {
    data: Float64Array.from(made, ({ values }) => values.residual),
    shape: [...Object.values(axes).map(({ length }) => length), 1],
    dims: [...Object.keys(axes), "recording"],
    units: "1",
  };
  return {
    arrays: { ...Object.fromEntries(coordinates), residual } as Scan["arrays"],
    values: { recording: ["it"] },
  };
}

export const startsOf = (recording: Recording, scan: Scan, count: number): Promise<Starts> =>
  starts.run({ ...idle, params: { recording: "it", starts: count }, inputs: { recording, scan } });
