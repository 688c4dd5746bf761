import { networkFigure } from "./network.ts";
import { networkComparisonFigure } from "./network-comparison.ts";
import { recordingFigure } from "./recording.ts";
import { residualFigure } from "./residual.ts";
import { ringTrialFigure } from "./ring-trial.ts";
import { ringVariants } from "./ring-variants.ts";
import { scanFigure } from "./scan.ts";
import { stepResponseFigure } from "./step-response.ts";
import { transferFunction } from "./transfer-function.ts";
import { waveformComparisonFigure } from "./waveform-comparison.ts";

export const all = {
  stepResponseFigure,
  transferFunction,
  networkFigure,
  networkComparisonFigure,
  waveformComparisonFigure,
  ringTrialFigure,
  ringVariants,
  recordingFigure,
  residualFigure,
  scanFigure,
};
