import type { Results, StageOutput } from "../../figures/stage-output.ts";
import {
  recordingPropagationSchema,
  trialPropagationSchema,
} from "../../stages/model/propagation/propagation-settings.ts";
import { fitOf, stepOf, tableOf } from "./artifacts/cells.ts";
import { comparisonOf, runMade, waveformComparisonOf, waveformRun } from "./artifacts/networks.ts";
import { crossingsOf, recordingOf, residualOf, trialOf } from "./artifacts/ring.ts";
import { inferenceOf, posteriorOf, refinedOf, scanOf } from "./artifacts/scan.ts";

const variants = {
  baseline: {},
  "slow-conduction": { v_c: 50 },
  "brief-stimulus": { tau1: 10, tau2: 50 },
  "wide-stimulus": { l_exc: 1, l_stim: 4 },
};

/** One of everything. */
export function results(): Results {
  const cellNames = ["RS-cell", "FS-cell"] as const;
  return new Map<string, StageOutput>([
    ...cellNames.map((cell) => [`step-response/${cell}`, stepOf(cell)] as const),
    ...cellNames.map((cell) => [`tf-simulation/${cell}`, tableOf(cell)] as const),
    ...cellNames.map((cell) => [`tf-fit/${cell}`, fitOf(cell)] as const),
    ["network", runMade()],
    ["network-comparison", comparisonOf()],
    ["waveform-network", waveformRun],
    ["waveform-comparison", waveformComparisonOf()],
    ...Object.entries(variants).map(([name, changes]) => [`ring-trial/${name}`, trialOf(changes)] as const),
    [
      "propagation/trial/baseline",
      {
        artifact: crossingsOf(7, 6, "6 of 7 pixels respond"),
        params: trialPropagationSchema.parse({ propagation: {} }),
      },
    ],
    ["recording/one", recordingOf()],
    [
      "propagation/recording/one",
      {
        artifact: crossingsOf(8, 0.5, "7 of 8 rows respond"),
        params: recordingPropagationSchema.parse({ propagation: {} }),
      },
    ],
    ["residual/baseline/one", residualOf()],
    ["scan", scanOf()],
    ["inference", inferenceOf()],
    ["refined-inference", refinedOf()],
    ["posterior", posteriorOf()],
  ]);
}
