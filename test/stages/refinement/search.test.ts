import { describe, expect, it } from "vitest";
import { parameters } from "../../../stages/model/parameters/parameters.ts";
import type { Objective, WholeReaches } from "../../../stages/refinement/objective.ts";
import { search } from "../../../stages/refinement/search.ts";

const [velocity, exc, inh] = ["v_c", "l_exc", "l_inh"].map((name) =>
  (parameters as readonly string[]).indexOf(name),
) as [number, number, number];

/** How far connections reach at a point: from 2 to 14. */
const reachAt = (at: number) => 2 + Math.min(Math.floor(13 * at), 12);
const plateaus = 200;

/**
 * A bowl around a truth, the sum of squares of what is `bent` by these steps: reaches push each other about, delays are
 * those of the middle of a plateau, and the peak depends on all parameters but is a whole number.
 */
function bowl(
  truth: Float64Array,
  bent = (x: Float64Array): Float64Array => x,
): Objective & { count: number } {
  const rest = (x: Float64Array, [e, i]: readonly [number, number]) => {
    const y = bent(x);
    return [
      ...y.map((value, k) => (k === velocity ? 2 : 3) * value),
      0.5 * (y[velocity]! + y[exc]! + e / 13),
      0.5 * (y[inh]! - i / 13),
      0.3 * (e - i),
    ];
  };
  const peakOf = (x: Float64Array) => 200 + 40 * x.reduce((sum, value) => sum + value, 0);
  const plateauOf = (x: Float64Array) => Math.min(Math.floor(plateaus * x[velocity]!), plateaus - 1);
  const snapped = (x: Float64Array) =>
    x.map((value, k) => (k === velocity ? (plateauOf(x) + 0.5) / plateaus : value));
  const stepped = (x: Float64Array) => rest(snapped(x), [reachAt(x[exc]!), reachAt(x[inh]!)]);
  const data = stepped(truth);
  const aim = peakOf(snapped(truth));
  const differences = (values: number[], shift: number) =>
    Float64Array.from([...values, 0.05 * shift], (value, k) => value - (data[k] ?? 0));
  const objective = {
    count: 0,
    trial(x: Float64Array) {
      objective.count += 1;
      const own = peakOf(snapped(x));
      return {
        peak: Math.round(own),
        differences: (at: number) => differences(stepped(x), own - at - (aim - Math.round(aim))),
      };
    },
    relaxed(x: Float64Array, whole: WholeReaches = { reaches: [0, 0], share: 0 }) {
      objective.count += 1;
      const { reaches, share } = whole;
      const fading = [exc, inh].map((k) => 13 * x[k]! + 1.5);
      const [e, i] = fading.map((reach, k) => share * reaches[k]! + (1 - share) * reach) as [number, number];
      const own = peakOf(x);
      return { peak: own, differences: (at: number) => differences(rest(x, [e, i]), own - at) };
    },
    sample: 1,
    reachesAt: (x: Float64Array) => [reachAt(x[exc]!), reachAt(x[inh]!)] as const,
    room([e, i]: readonly [number, number]) {
      if (Math.min(e, i) < 2 || Math.max(e, i) > 14) return undefined;
      const low = new Float64Array(parameters.length);
      const high = new Float64Array(parameters.length).fill(1);
      for (const [k, reach] of [
        [exc, e],
        [inh, i],
      ] as const) {
        low[k] = (reach - 2) / 13 + 1e-9;
        high[k] = (reach - 1) / 13 - 1e-9;
      }
      return { low, high };
    },
    plateau(x: Float64Array) {
      return [plateauOf(x) / plateaus, (plateauOf(x) + 1) / plateaus] as const;
    },
  };
  return objective;
}

const middle = [new Float64Array(parameters.length).fill(0.5)];
const progress = async () => {};
const options = { starts: middle, evaluations: 3000, seed: 1, progress };
const truth = Float64Array.of(0.31, 0.42, 0.77, 0.18, 0.66, 0.23);

describe("the search", () => {
  it("finds the truth among the steps", async () => {
    const objective = bowl(truth);
    const { x, value, converged, trace } = await search(objective, options);
    expect(value).toBeLessThan(1e-18);
    x.forEach((at, k) => {
      if (k === velocity) expect(Math.abs(at - truth[k]!)).toBeLessThan(1 / plateaus);
      else expect(at).toBeCloseTo(truth[k]!, 8);
    });
    expect(converged).toBe(true);
    expect(trace).toHaveLength(objective.count);
    expect(trace.every((value, k) => k === 0 || value <= trace[k - 1]!)).toBe(true);
    expect(trace.at(-1)).toBe(value);
    expect(objective.count).toBeLessThan(1000);
  });

  it("finds it in a curved valley, too", async () => {
    const bent = (x: Float64Array) => x.map((value, k) => value + 0.5 * x[(k + 1) % x.length]! ** 2);
    expect((await search(bowl(truth, bent), options)).value).toBeLessThan(1e-18);
  });

  it("stays in the box where the bottom is outside, and ends when rounds gain nothing any more", async () => {
    const outside = bowl(truth);
    const shifted: Objective = {
      ...outside,
      trial: (x) => {
        const { peak, differences } = outside.trial(x);
        return { peak, differences: (at) => Float64Array.of(...differences(at), 3 * (x[1]! - 2)) };
      },
      relaxed: (x, ...of) => {
        const { peak, differences } = outside.relaxed(x, ...of);
        return { peak, differences: (at) => Float64Array.of(...differences(at), 3 * (x[1]! - 2)) };
      },
    };
    const { x, value, converged, trace } = await search(shifted, { ...options, evaluations: 100_000 });
    expect(value).toBeGreaterThan(1);
    for (const at of x) expect(Math.abs(at - 0.5)).toBeLessThanOrEqual(0.5);
    expect(converged).toBe(true);
    expect(trace.length).toBeLessThan(20_000);
  });

  it("takes no more simulations than it may, tells them, and is never worse than a start", async () => {
    const start = bowl(truth).trial(middle[0]!);
    const before = start.differences(start.peak).reduce((sum, value) => sum + value * value, 0);
    for (const evaluations of [1, 2, 3, 5, 20, 47, 130, 400]) {
      const objective = bowl(truth);
      const told: number[] = [];
      const { value, trace, converged } = await search(objective, {
        ...options,
        evaluations,
        progress: async (count) => {
          told.push(count);
        },
      });
      expect(objective.count).toBeLessThanOrEqual(evaluations);
      expect(trace).toHaveLength(objective.count);
      expect(told).toEqual(trace.map((_, k) => k));
      expect(value).toBeLessThanOrEqual(before);
      if (evaluations === 1) expect(value).toBe(before);
      if (evaluations >= 20) expect(value).toBeLessThan(0.2 * before);
      if (value > 1e-18 && evaluations < 400) expect(converged).toBe(false);
    }
  });

  it("is the same for the same seed, and goes elsewhere for another", async () => {
    const run = async (seed: number) => {
      const objective = bowl(truth);
      const looked: Float64Array[] = [];
      const relaxed: Objective["relaxed"] = (x, ...of) => {
        looked.push(x);
        return objective.relaxed(x, ...of);
      };
      return { looked, ...(await search({ ...objective, relaxed }, { ...options, evaluations: 300, seed })) };
    };
    const [one, same, other] = [await run(1), await run(1), await run(2)];
    expect(one).toEqual(same);
    expect(other.looked[1]).not.toEqual(one.looked[1]);
  });
});
