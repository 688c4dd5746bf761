import { z } from "zod";
import type { Stage } from "../pipeline/index.ts";
import { spikingRunSchema, spikingSchema } from "./model/spiking/spiking.ts";
import { runSpiking, type SpikingRun } from "./model/spiking/spiking-run.ts";
import { afferentRate, waveformSchema } from "./model/stimulus/waveform.ts";

/** Duration of the rise of the drive, ms; shorter than in the stationary run, as in the notebook. */
const ramp = 20;

const params = z.strictObject({
  ...spikingRunSchema,
  spiking: spikingSchema.omit({ duration: true }),
  waveform: waveformSchema,
});

/** The spiking network under its drive and a transient input. */
const waveformNetwork: Stage<z.infer<typeof params>, Record<never, never>, SpikingRun> = {
  id: "waveform-network",
  params,
  async run({ params, progress }) {
    const { waveform, network, mean_field } = params;
    const rates = (ms: number) => {
      const drive = mean_field.drive * Math.min(ms / ramp, 1);
      const afferent = afferentRate(waveform, ms);
      return { exc: drive + network.afferent * afferent, inh: drive + (1 - network.afferent) * afferent };
    };
    return runSpiking(params, waveform.duration, rates, progress);
  },
};
export default waveformNetwork;
