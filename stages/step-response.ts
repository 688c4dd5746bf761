import { z } from "zod";
import { traceCell } from "../kernels/index.ts";
import type { Artifact, LabelledArray, Stage } from "../pipeline/index.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import { cellInSI, cellSchema } from "./model/parameters/cell.ts";

/** The notebook's protocol: 200 pA from 100 to 500 ms of 700, and the same downwards. */
const [duration, dt, onset, offset] = [700, 0.01, 100, 500]; // ms
const amplitude = 200e-12; // A

const params = z.strictObject({ cell: cellSchema });

/** Response of a cell to a step of current upwards (with its spikes) and downwards. */
export type StepResponse = Artifact<
  { time: Doubles; V_positive: Doubles; V_negative: Doubles; spike_times: LabelledArray<Float64Array> },
  { current_pA: number }
>;

const stepResponse: Stage<z.infer<typeof params>, Record<never, never>, StepResponse> = {
  id: "step-response",
  params,
  async run({ params: { cell } }) {
    const n = Math.trunc(duration / dt);
    const time = Float64Array.from({ length: n }, (_, i) => i * dt);
    const seconds = time.map((t) => t * 1e-3);
    const step = time.map((t) => (t > onset && t < offset ? amplitude : 0));
    const trace = (current: Float64Array) => traceCell(cellInSI(cell), seconds, current, dt * 1e-3);
    const up = trace(step);
    const down = trace(step.map((current) => -current));
    const milli = (values: Float64Array) => values.map((value) => value * 1e3);
    return {
      arrays: {
        time: vector("time", time, "ms"),
        V_positive: vector("time", milli(up.v), "mV"),
        V_negative: vector("time", milli(down.v), "mV"),
        spike_times: vector("spike", milli(up.spikeTimes), "ms"),
      },
      values: { current_pA: amplitude * 1e12 },
    };
  },
};
export default stepResponse;
