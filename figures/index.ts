import type refinedInference from "../stages/refined-inference.ts";
import { inferenceFigure } from "./inference.ts";
import { networkFigure } from "./network.ts";
import { networkComparisonFigure } from "./network-comparison.ts";
import { panels } from "./panels.ts";
import type { Picture } from "./picture.ts";
import { posteriorFigure } from "./posterior.ts";
import { recordingFigure } from "./recording.ts";
import { residualFigure } from "./residual.ts";
import type { MadeBy, Results } from "./results.ts";
import { ringTrialFigure } from "./ring-trial.ts";
import { ringVariants } from "./ring-variants.ts";
import { rangesOf, scanFigure } from "./scan.ts";
import { scanOverview } from "./scan-overview.ts";
import { stepResponseFigure } from "./step-response.ts";
import type { Look } from "./theme.ts";
import { transferFunction } from "./transfer-function.ts";
import { waveformComparisonFigure } from "./waveform-comparison.ts";

// png.ts is not exported here, because a page in a browser draws without it.
export type { Made, Results } from "./results.ts";
export { column, type Look, themes } from "./theme.ts";

/** A figure that a graph of stages allows. It is known before any stage has run. */
export interface Figure {
  /** "ring-trial/baseline" */
  readonly name: string;
  readonly title: string;
  /** The stages it shows. */
  readonly needs: readonly string[];
  /** Stages that it also shows if they are there. */
  readonly wants: readonly string[];
  caption(results: Results): string;
  /** SVG. If a stage is missing, the figure says so. */
  draw(results: Results, look: Look): string;
}

/** Every figure that these stages allow, in the order of the notebook. */
export function figuresOf(stages: Iterable<string>): Figure[] {
  const names = [...stages];
  const members = (family: string) =>
    names.filter((name) => name.startsWith(`${family}/`)).map((name) => name.slice(family.length + 1));
  const cells = members("tf-fit");
  const variants = members("ring-trial");
  const recordings = members("recording");

  return [
    place("step-response", stepResponseFigure, {
      needs: members("step-response").map((cell) => `step-response/${cell}`),
      input: (made, needs) => ({ cells: needs.map(made) }),
    }),
    place("transfer-function", transferFunction, {
      needs: cells.flatMap((cell) => [`tf-simulation/${cell}`, `tf-fit/${cell}`]),
      input: (made) => ({
        cells: cells.map((cell) => ({ table: made(`tf-simulation/${cell}`), fit: made(`tf-fit/${cell}`) })),
      }),
    }),
    place("network", networkFigure, {
      needs: ["network"],
      input: (made) => ({ run: made("network") }),
    }),
    place("network-comparison", networkComparisonFigure, {
      needs: ["network-comparison"],
      input: (made) => ({ comparison: made("network-comparison") }),
    }),
    place("waveform-comparison", waveformComparisonFigure, {
      needs: ["waveform-network", "waveform-comparison"],
      input: (made) => ({ run: made("waveform-network"), comparison: made("waveform-comparison") }),
    }),
    ...variants.map((variant) =>
      place(`ring-trial/${variant}`, ringTrialFigure, {
        of: variant,
        needs: [`ring-trial/${variant}`],
        wants: [`propagation/trial/${variant}`],
        input: (made) => trialOf(variant, made),
      }),
    ),
    place("ring-variants", ringVariants, {
      needs: variants.map((variant) => `ring-trial/${variant}`),
      wants: variants.map((variant) => `propagation/trial/${variant}`),
      input: (made) => ({
        variants: Object.fromEntries(variants.map((variant) => [variant, trialOf(variant, made)])),
      }),
    }),
    ...recordings.map((name) =>
      place(`recording/${name}`, recordingFigure, {
        of: name,
        needs: [`recording/${name}`],
        wants: [`propagation/recording/${name}`],
        input: (made) => ({
          recording: made(`recording/${name}`),
          line: made(`propagation/recording/${name}`),
        }),
      }),
    ),
    ...members("residual").map((member) => {
      const [trial, ...recording] = member.split("/") as [string, ...string[]];
      return place(`residual/${member}`, residualFigure, {
        of: `${trial}, ${recording.join("/")}`,
        needs: [`residual/${member}`],
        input: (made) => ({ residual: made(`residual/${member}`), trial, recording: recording.join("/") }),
      });
    }),
    place("scan", scanOverview, { needs: ["scan"], input: (made) => ({ scan: made("scan") }) }),
    ...recordings.map((recording) =>
      place(`scan/${recording}`, scanFigure, {
        of: recording,
        needs: ["scan"],
        input: (made) => ({ scan: made("scan"), recording }),
      }),
    ),
    place("inference", inferenceFigure, {
      needs: ["inference", "scan"],
      input: (made) => ({ inference: made("inference"), ranges: rangesOf(made("scan")) }),
    }),
    place("refined-inference", inferenceFigure, {
      of: "refined",
      needs: ["refined-inference"],
      input: (made) => {
        const inference: MadeBy<typeof refinedInference> = made("refined-inference");
        return { inference, ranges: inference.params.ranges };
      },
    }),
    place("posterior", posteriorFigure, {
      needs: ["posterior"],
      input: (made) => ({ posterior: made("posterior") }),
    }),
  ].filter(({ needs }) => needs.length > 0 && needs.every((stage) => names.includes(stage)));
}

/** What a stage made. Its type is known by its name only, so this one place casts: `never` fits every type. */
type Take = (stage: string) => never;

const trialOf = (variant: string, made: Take) => ({
  trial: made(`ring-trial/${variant}`),
  line: made(`propagation/trial/${variant}`),
});

interface Place<I> {
  /** Selects one of several figures of the kind. */
  readonly of?: string;
  readonly needs: readonly string[];
  readonly wants?: readonly string[];
  input(made: Take, needs: readonly string[]): I;
}

function place<I>(name: string, picture: Picture<I>, { of, needs, wants = [], input }: Place<I>): Figure {
  const title = of === undefined ? picture.title : `${picture.title}: ${of}`;
  const inputOf = (results: Results) => input(((stage: string) => results.get(stage)) as Take, needs);
  const missing = (results: Results) => needs.filter((stage) => !results.has(stage));
  const sentence = (stages: readonly string[]) => `Not computed yet: ${stages.join(", ")}.`;
  return {
    ...{ name, title, needs, wants },
    caption(results) {
      const absent = missing(results);
      return absent.length > 0 ? sentence(absent) : picture.caption(inputOf(results));
    },
    draw(results, look) {
      const caption = this.caption(results);
      const rows =
        missing(results).length > 0
          ? [{ notes: missing(results).map((stage) => `${stage} is not computed yet`) }]
          : picture.rows(inputOf(results), look);
      return panels({ title, caption, rows }, look);
    },
  };
}
