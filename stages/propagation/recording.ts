import type { z } from "zod";
import type { Stage } from "../../pipeline/index.ts";
import { timeOrigin } from "../model/comparison/alignment.ts";
import { fitBentLine } from "../model/propagation/bent-line.ts";
import { riseTo } from "../model/propagation/crossing.ts";
import { fitPieces } from "../model/propagation/propagation.ts";
import {
  type PropagationArtifact,
  propagationArtifact,
  rounded,
} from "../model/propagation/propagation-artifact.ts";
import { recordingPropagationSchema as params } from "../model/propagation/propagation-settings.ts";
import { largest } from "../numerics/statistics/range.ts";
import type { Recording } from "../recording.ts";

type Params = z.infer<typeof params>;

/**
 * When each row of a recording responds, and how fast the response travels along it: the data figure of the
 * notebook, In [8] (docs/model.md, "Propagation"). Nothing is smoothed.
 */
const recordingPropagation: Stage<Params, { recording: Recording }, PropagationArtifact> = {
  id: "propagation/recording",
  params,
  async run({ params: { propagation }, inputs: { recording } }) {
    const { level, least, before, pieces } = propagation.recording;
    const [space, time] = [recording.arrays.space.data, recording.arrays.time.data];
    const vsd = recording.arrays.vsd.data;
    const row = (i: number) => vsd.subarray(i * time.length, (i + 1) * time.length);
    const crossing = space.map((_, i) =>
      largest(row(i)) >= least ? riseTo(time, row(i), level / 100, propagation.crossing) : Number.NaN,
    );
    const latest = before === "peak" ? timeOrigin({ space, time, data: vsd }) : before;
    const responses = fitBentLine(space, crossing).t;
    const line = fitBentLine(
      space,
      crossing.map((t) => (t < latest ? t : Number.NaN)),
    );
    const said =
      responses.length === 0
        ? `no row responds: the largest signal is ${rounded(largest(vsd))} ‰, propagation.recording.least is ${least} ‰`
        : `${responses.length} of ${space.length} rows respond, ${line.x.length} of them before ` +
          `${rounded(latest)} ms; the earliest at ${rounded(responses.reduce((a, b) => Math.min(a, b)))} ms`;
    return propagationArtifact(space, crossing, said, fitPieces(line, pieces, propagation.confidence));
  },
};
export default recordingPropagation;
