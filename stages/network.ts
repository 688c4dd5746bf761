import { z } from "zod";
import type { Stage } from "../pipeline/index.ts";
import { spikingRunSchema, spikingSchema } from "./model/spiking/spiking.ts";
import { runSpiking, type SpikingRun } from "./model/spiking/spiking-run.ts";

/** Duration of the rise of the drive, ms: a sudden drive would start the network with a volley. */
const ramp = 100;

const params = z.strictObject({ ...spikingRunSchema, spiking: spikingSchema });

/** The spiking network under its drive. */
const network: Stage<z.infer<typeof params>, Record<never, never>, SpikingRun> = {
  id: "network",
  params,
  async run({ params, progress }) {
    const rates = (ms: number) => {
      const drive = params.mean_field.drive * Math.min(ms / ramp, 1);
      return { exc: drive, inh: drive };
    };
    return runSpiking(params, params.spiking.duration, rates, progress);
  },
};
export default network;
