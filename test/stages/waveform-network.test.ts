// @module-tag slow
import { beforeAll, describe, expect, it } from "vitest";
import { spikingSchema } from "../../stages/model/spiking/spiking.ts";
import { waveformSchema } from "../../stages/model/stimulus/waveform.ts";
import waveformNetwork from "../../stages/waveform-network.ts";
import { golden } from "../golden.ts";
import { idle } from "./context.ts";
import { bins, mean, simulated, variance } from "./spiking.ts";

describe("the network's response to the waveform", () => {
  const runs: { exc: number[]; inh: number[] }[] = [];
  beforeAll(async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { duration: _, ...spiking } = spikingSchema.parse({ seed });
      const params = { ...simulated, spiking, waveform: waveformSchema.parse({}) };
      const { arrays } = await waveformNetwork.run({ ...idle, params, inputs: {} });
      runs.push({ exc: bins(arrays.rate_exc.data), inh: bins(arrays.rate_inh.data) });
    }
  });

  it.each(["exc", "inh"] as const)(
    "has Brian2's rate curve in every 5 ms bin but for chance: %s",
    (population) => {
      const reference = golden("network").waveform;
      const means: number[] = reference[`nu_${population[0]}_mean`];
      const sds: number[] = reference[`nu_${population[0]}_sd`];
      expect(means).toHaveLength(240);
      const squares: number[] = [];
      means.forEach((theirs, bin) => {
        const ours = runs.map((run) => run[population][bin]!);
        // The reference's SDs are those of the 8 runs themselves, without Bessel's correction.
        const spread = (variance(ours) + (sds[bin]! ** 2 * 8) / 7) / 8;
        if (spread === 0) expect(mean(ours)).toBe(theirs);
        else squares.push((mean(ours) - theirs) ** 2 / spread);
      });
      expect(squares.length).toBeGreaterThan(230);
      // The difference over its standard error is Student's t with 14 degrees of freedom: beyond 3 in 0.96% of bins.
      // Of 237, 2.3 are to be expected, and more than 8 in 0.1% of such comparisons.
      expect(squares.filter((square) => square > 9).length).toBeLessThanOrEqual(8);
      // t² has mean 14/12 and variance 2.18: over all bins, 1.17 with an error of 0.1.
      expect(Math.abs(mean(squares) - 14 / 12)).toBeLessThan(0.4);
    },
  );
});
