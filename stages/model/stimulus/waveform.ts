import { z } from "zod";
import { positive, quantity } from "../parameters/units.ts";
import { doubleGaussian } from "./stimulus.ts";

export const waveformSchema = z.strictObject({
  amplitude: quantity("Hz", "peak of the input").min(0).max(1000).default(2),
  t0: quantity("ms", "time of the peak").min(0).max(1e6).default(800),
  T1: positive("ms", "SD of the rise").max(1e6).default(60),
  T2: positive("ms", "SD of the decay").max(1e6).default(100),
  duration: quantity("ms", "length of the run").min(1).max(1e6).default(1200),
});

/** The transient input at a time in ms, Hz. */
export const afferentRate = ({ amplitude, t0, T1, T2 }: z.infer<typeof waveformSchema>, ms: number): number =>
  amplitude * doubleGaussian(ms, t0, T1, T2);
