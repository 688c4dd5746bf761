import { parameters } from "../model/parameters.ts";
import { type Box, descend, dot, type Point } from "../numerics/descent.ts";
import type { Landscape } from "./landscape.ts";
import { linearModel } from "./linear-model.ts";
import { inside, type Room } from "./rooms.ts";
import type { Simulated, Simulations } from "./simulations.ts";

const velocity = parameters.indexOf("v_c");
/** Plateaus of the velocity that are looked at, steps on the most promising, and descents on those that then are. */
const most = 60;
const steps = 24;
const descents = 4;
/** Samples that the peak may be from a trial's own. */
const farthest = 50;
/** How far descents go. */
const down = { tolerance: 1e-4, evaluations: 200, width: 1e-4 };

/**
 * From a low point of a room to the lowest of the trials as they are: on plateaus of the velocity, where all delays are
 * the same, and with the peak at a certain sample, the residual is smooth. Plateaus nearby are looked at once each, where
 * the other parameters make up for its velocity as far as they can. What a descent from there would come to is told by
 * the derivatives at the point; where that is lowest a step is taken, and from where it is lowest then, a descent.
 *
 * @returns points that descents settled at
 */
export async function trialsAround(simulations: Simulations, room: Room): Promise<Float64Array[]> {
  const { box, reaches } = room;
  if (simulations.left < parameters.length + 3) return [];
  const whole = { reaches, share: 1 };
  const bottom = await simulations.relaxed(room.point.x, whole);
  const { point } = bottom;
  const beside: Simulated[] = [];
  // Inwards, where a side of the room is near.
  const widths = point.x.map((at, k) => {
    const [left, right] = [at - box.low[k]!, box.high[k]! - at];
    return right >= left ? Math.min(right, down.width) : -Math.min(left, down.width);
  });
  for (const [k, width] of widths.entries()) {
    const x = point.x.slice();
    x[k]! += width;
    beside.push(await simulations.relaxed(x, whole));
  }
  const slopes = (differencesOf: (simulated: Simulated) => Float64Array) =>
    beside.map((simulated, j) => {
      const differences = differencesOf(simulated);
      // A room without width leaves nothing to tell.
      return differences.map((value, i) =>
        widths[j] === 0 ? 0 : (value - point.differences[i]!) / widths[j]!,
      );
    });
  // How much the steps change.
  const { point: trial } = await simulations.trial(point.x);
  const change = trial.differences.map((value, i) => value - point.differences[i]!);
  const stepping = dot(change, change);
  // As the peak moves, and as if it stayed: the one tells what velocities are worth, the other what descents come to.
  const moving = linearModel(
    slopes(({ point }) => point.differences),
    velocity,
    stepping,
  );
  const staying = linearModel(
    slopes((simulated) => simulated.at(bottom.peak).differences),
    velocity,
    stepping,
  );
  if (!moving || !staying) return [];
  const { compensation, curvature } = moving;
  const far = curvature > 0 ? Math.sqrt((4 * stepping) / curvature) : 0;
  const { landscape } = simulations;
  const looked: Candidate[] = [];
  for (const there of velocitiesAround(landscape, point.x, far)) {
    if (!simulations.canGoOn) break;
    const off = there - point.x[velocity]!;
    const x = point.x.map((value, k) => (k === velocity ? there : value + off * compensation[k]!));
    looked.push(...withPeaks(await simulations.trial(inside(x, box)), landscape.sample, staying.foretold));
  }
  const stepped: Candidate[] = [];
  for (const { point, peak } of mostPromising(looked, steps)) {
    if (!simulations.canGoOn) break;
    const step = staying.step(point.differences);
    const x = point.x.map((value, k) => value + step[k]!);
    const { at } = await simulations.trial(inside(x, withVelocityOf(box, point.x)));
    stepped.push({ point: at(peak), peak, foretold: staying.foretold(at(peak).differences) });
  }
  const settled: Float64Array[] = [];
  for (const { point: start, peak } of mostPromising(stepped, descents)) {
    if (!simulations.canGoOn) break;
    const end = await descend(async (x) => (await simulations.trial(x)).at(peak).differences, start, {
      ...down,
      evaluations: Math.min(down.evaluations, simulations.left),
      box: withVelocityOf(box, start.x),
    });
    if (end.settled) settled.push(end.point.x);
  }
  return settled;
}

interface Candidate {
  readonly point: Point;
  /** ms. */
  readonly peak: number;
  readonly foretold: number;
}

const mostPromising = (candidates: readonly Candidate[], count: number): Candidate[] =>
  [...candidates].sort((a, b) => rank(a) - rank(b)).slice(0, count);

/** What is no number comes last. */
const rank = ({ foretold }: Candidate): number => (foretold < Number.MAX_VALUE ? foretold : Number.MAX_VALUE);

/** With the peak from which a descent should come lowest, near the trial's own, and with the samples beside that. */
function withPeaks(
  { peak: own, at }: Simulated,
  sample: number,
  foretold: (differences: Float64Array) => number,
): Candidate[] {
  const candidate = (samples: number): Candidate & { samples: number } => {
    const peak = own + samples * sample;
    const point = at(peak);
    return { samples, point, peak, foretold: foretold(point.differences) };
  };
  let best = candidate(0);
  for (const step of [-1, 1]) {
    while (Math.abs(best.samples) < farthest) {
      const next = candidate(best.samples + step);
      if (!(next.foretold < best.foretold)) break;
      best = next;
    }
  }
  return [candidate(best.samples - 1), best, candidate(best.samples + 1)];
}

/**
 * Velocities in the middle of plateaus, in coordinates: around a point as far as that, but for three on each side at
 * least; evenly where there are many.
 */
function velocitiesAround(landscape: Landscape, x: Float64Array, far: number): number[] {
  const plateauAt = (at: number) => landscape.plateau(x.map((value, k) => (k === velocity ? at : value)));
  const velocities: number[] = [];
  const here = plateauAt(x[velocity]!);
  const reach = Math.max(far, 3 * (here[1] - here[0]));
  const [low, high] = [Math.max(x[velocity]! - reach, 0), Math.min(x[velocity]! + reach, 1)];
  for (let at = low; ; ) {
    const [from, to] = plateauAt(at);
    velocities.push((from + to) / 2);
    if (to >= high) break;
    at = Math.max(to + beyond, at + (high - low) / many);
  }
  const count = Math.min(velocities.length, most);
  return Array.from(
    { length: count },
    (_, k) => velocities[Math.floor(((k + 0.5) / count) * velocities.length)]!,
  );
}

/** Of more plateaus than these some are left out. */
const many = 1000;
/** So far beyond the end of a plateau is certainly on the next. */
const beyond = 1e-7;

/** A box in which the velocity stays. */
const withVelocityOf = ({ low, high }: Box, x: Float64Array): Box => ({
  low: low.map((value, k) => (k === velocity ? x[k]! : value)),
  high: high.map((value, k) => (k === velocity ? x[k]! : value)),
});
