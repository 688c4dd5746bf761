import { z } from "zod";
import { depolarisationOfRing, type RingTrial as RingSetup, simulateRing } from "../../../kernels/index.ts";
import { BadInput } from "../../../pipeline/errors.ts";
import type { FixedPoint } from "../../fixed-point.ts";
import { driveOf, type FieldParameters } from "../mean-field/field.ts";
import type { MeanField } from "../mean-field/mean-field.ts";
import { count, positive, quantity } from "../parameters/units.ts";
import { doubleGaussians } from "../stimulus/stimulus.ts";
import { connectivity, positions, reachOf } from "./ring.ts";

/** What a trial of the ring depends on besides the mean field. */
export const ringSchema = z.strictObject({
  pixels: count(2, 100_000, "units of the ring").default(30),
  extent: positive("mm", "length of the ring").max(1000).default(36),
  l_exc: positive("mm", "SD of the excitatory connectivity").max(1000).default(5),
  l_inh: positive("mm", "SD of the inhibitory connectivity").max(1000).default(1),
  v_c: positive("mm/s", "conduction velocity").max(1e6).default(300),
  l_stim: positive("mm", "SD of the stimulus in space").max(1000).default(1),
  amplitude: quantity("Hz", "peak of the stimulus").min(0).max(1000).default(15),
  tau1: positive("ms", "SD of the stimulus' rise").max(10_000).default(50),
  tau2: positive("ms", "SD of the stimulus' decay").max(10_000).default(150),
  dt: positive("ms", "time step").max(5).default(0.5),
});
export type Ring = z.infer<typeof ringSchema>;

/** Whether steps of `dt` converge in a mean field of the time constant `T`, both ms. */
export const isShortEnough = (dt: number, T: number): boolean => dt <= T / 2;

/** A trial of the ring; maps are [time, space]. */
export interface Trial {
  /** s */
  readonly time: Float64Array;
  /** mm */
  readonly space: Float64Array;
  /** Hz */
  readonly afferent: Float64Array;
  readonly nuE: Float64Array;
  readonly nuI: Float64Array;
  /** Relative depolarisation. */
  readonly deltaV: Float64Array;
}

interface TrialParameters extends FieldParameters {
  readonly ring: Ring;
}

/**
 * Runs one trial: the ring at its fixed point receives the stimulus CENTER (docs/model.md, "The ring").
 *
 * @param field that of the parameters
 * @throws BadInput if the step is too long to converge, or the trial too large
 */
export function trialOf(params: TrialParameters, field: MeanField, fixedPoint: FixedPoint): Trial {
  const { time, space, setup } = setUp(params, field, fixedPoint, connectivity, connectivity);
  return { time, space, afferent: setup.afferent, ...simulateRing(setup) };
}

/**
 * δV of `trialOf` alone, with its axes. It takes less time, which counts for many trials.
 *
 * @param connectExc makes the connections of excitatory units, `connectInh` those of inhibitory ones
 */
export function depolarisationOf(
  params: TrialParameters,
  field: MeanField,
  fixedPoint: FixedPoint,
  connectExc: typeof connectivity = connectivity,
  connectInh: typeof connectivity = connectivity,
): Pick<Trial, "time" | "space" | "deltaV"> {
  const { time, space, setup } = setUp(params, field, fixedPoint, connectExc, connectInh);
  return { time, space, deltaV: depolarisationOfRing(setup) };
}

/** What the kernel needs for a trial. */
function setUp(
  params: TrialParameters,
  field: MeanField,
  { arrays }: FixedPoint,
  connectExc: typeof connectivity,
  connectInh: typeof connectivity,
): { time: Float64Array; space: Float64Array; setup: RingSetup } {
  const { ring, reading, mean_field } = params;
  if (!isShortEnough(ring.dt, mean_field.T)) throw new StepTooLong(ring.dt, mean_field.T);
  refuseExcess(ring, reading);
  const { exc: drive } = driveOf(params);
  const dt = ring.dt / 1e3;
  const space = positions(ring.pixels, ring.extent, reading);
  const { time, afferent } = stimulus(ring, space);
  const pixel = ring.extent / ring.pixels;
  const start = [...arrays.first_order.data] as [number, number];
  const setup = {
    ...field,
    pixels: ring.pixels,
    steps: time.length,
    rateOfChange: dt / field.T,
    drive,
    fromExc: connectExc(ring.l_exc, pixel, ring.v_c, dt, reading),
    fromInh: connectInh(ring.l_inh, pixel, ring.v_c, dt, reading),
    afferent,
    start,
    rest: [field.exc, field.inh].map((population) => population.moments(start[0] + drive, start[1]).mu_V) as [
      number,
      number,
    ],
    // The paper's signal weighs both populations; the notebook's has neither weights nor sign.
    inhibitoryShare: reading === "as-coded" ? 0 : params.network.g,
  };
  return { time, space, setup };
}

/** When the stimulus peaks, s. */
const peakOf = ({ tau1 }: Ring): number => Math.max(3 * (tau1 / 1e3), 0.15);

/** How long a trial lasts, s. */
export const durationOf = (ring: Ring): number => Math.max(peakOf(ring) + 3 * (ring.tau2 / 1e3), 0.4);

const stepsOf = (ring: Ring): number => Math.trunc(durationOf(ring) / (ring.dt / 1e3));

/** Refuses trials that would not fit into memory, or would keep the thread too long. */
function refuseExcess(ring: Ring, reading: FieldParameters["reading"]): void {
  const pixel = ring.extent / ring.pixels;
  const reach = [ring.l_exc, ring.l_inh].map((length) => reachOf(length, pixel, reading));
  const samples = stepsOf(ring) * ring.pixels;
  const connections = samples * reach.reduce((sum, each) => sum + 2 * each + 1, 0);
  if (samples > 2e7 || connections > 5e9) throw new TooMuch(stepsOf(ring), ring.pixels, reach);
}

/** The stimulus CENTER: a double Gaussian in time, a Gaussian around the middle pixel in space. */
function stimulus(ring: Ring, space: Float64Array): { time: Float64Array; afferent: Float64Array } {
  const [tau1, tau2, dt] = [ring.tau1 / 1e3, ring.tau2 / 1e3, ring.dt / 1e3];
  const [t0, steps] = [peakOf(ring), stepsOf(ring)];
  const time = new Float64Array(steps);
  for (let i = 0; i < steps; i += 1) time[i] = i * dt;
  const inTime = doubleGaussians(time, t0, tau1, tau2);
  const centre = space[Math.trunc(ring.pixels / 2)]!;
  const inSpace = doubleGaussians(space, centre, ring.l_stim, ring.l_stim);
  const afferent = new Float64Array(steps * ring.pixels);
  for (let i = 0, at = 0; i < steps; i += 1) {
    const now = ring.amplitude * inTime[i]!;
    for (let x = 0; x < ring.pixels; x += 1, at += 1) afferent[at] = now * inSpace[x]!;
  }
  return { time, afferent };
}

class StepTooLong extends BadInput {
  constructor(dt: number, T: number) {
    super(
      `ring.dt is ${dt} ms, but must be at most half of mean_field.T, ${T / 2} ms, for the steps to converge.`,
    );
  }
}

class TooMuch extends BadInput {
  constructor(steps: number, pixels: number, reach: readonly number[]) {
    super(
      `A trial of ${steps} steps, ${pixels} pixels and connections over ${reach.join(" and ")} pixels is too large: ` +
        "lower ring.pixels, or raise ring.dt or ring.extent.",
    );
  }
}
