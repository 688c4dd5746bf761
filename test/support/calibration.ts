/**
 * Whether the posterior's intervals are what they say: over synthetic recordings of known truth, drawn from the prior, how
 * many intervals of 90% hold it, and how evenly its ranks among the draws are spread.
 *
 *     npm run calibrate -- 100
 */
import posterior, { posteriorSchema } from "../../stages/posterior.ts";
import { atRest, type CameraNoise, field, film, inputs, ranges, ring, truths } from "./films.ts";

export const campaigns: Readonly<Record<string, CameraNoise>> = {
  white: { white: 0.1, field: 0, memory: 0, reach: 1 },
  correlated: { white: 0.08, field: 0.05, memory: 0.4, reach: 5 },
};

/** What became of one recording. */
export interface Outcome {
  /** For each parameter whether its interval holds the truth. */
  readonly holds: readonly boolean[];
  /** For each parameter the share of draws below the truth. */
  readonly ranks: readonly number[];
  /** For each parameter the interval's length, as a share of the range. */
  readonly lengths: readonly number[];
  readonly power: number;
  readonly misfit: number;
  readonly effectiveSize: number;
}

/** The outcomes of so many recordings. */
export async function* calibration(
  noise: CameraNoise,
  count: number,
  simulations: number,
  seed: number,
): AsyncGenerator<Outcome> {
  const rest = await atRest();
  const idle = { signal: new AbortController().signal, progress: async () => {} };
  const names = Object.keys(ranges) as (keyof typeof ranges)[];
  const writable = Object.fromEntries(names.map((name) => [name, [...ranges[name]]]));
  const params = posterior.params.parse({
    ...{ ...field, ring, ranges: writable, t_range: [-100, 300] },
    posterior: posteriorSchema.parse({ simulations }),
  });
  for (const [n, truth] of truths(count, seed).entries()) {
    const recording = film(truth, rest, noise, 1000 * seed + n);
    const { arrays, values } = await posterior.run({
      params,
      inputs: { ...inputs, fixedPoint: rest, recording },
      ...idle,
    });
    const ends = names.map((_, k) => arrays.interval.data.subarray(2 * k, 2 * k + 2));
    yield {
      holds: names.map((name, k) => ends[k]![0]! <= truth[name] && truth[name] <= ends[k]![1]!),
      ranks: names.map((name) => {
        const { data } = arrays[name];
        return data.filter((value) => value < truth[name]).length / data.length;
      }),
      lengths: names.map((name, k) => (ends[k]![1]! - ends[k]![0]!) / (ranges[name][1] - ranges[name][0])),
      power: values.power,
      misfit: values.misfit,
      effectiveSize: values.effective_size,
    };
  }
}
