import type refinedInference from "../stages/refined-inference.ts";
import type { StageId } from "../stages/registry.ts";
import type { Chapter } from "./chapters.ts";
import type { FigureKind } from "./figure-kind.ts";
import { inferenceFigure } from "./inference.ts";
import { networkFigure } from "./network.ts";
import { networkComparisonFigure } from "./network-comparison.ts";
import { panels } from "./panels.ts";
import { posteriorFigure } from "./posterior.ts";
import { recordingFigure } from "./recording.ts";
import { residualFigure } from "./residual.ts";
import { ringTrialFigure } from "./ring-trial.ts";
import { ringVariants } from "./ring-variants.ts";
import { rangesOf, scanFigure } from "./scan.ts";
import { scanOverview } from "./scan-overview.ts";
import type { OutputOf, Results } from "./stage-output.ts";
import { stepResponseFigure } from "./step-response.ts";
import type { Look } from "./theme.ts";
import { transferFunction } from "./transfer-function.ts";
import { waveformComparisonFigure } from "./waveform-comparison.ts";

// png.ts is not exported here, because a page in a browser draws without it.
export type { Results, StageOutput } from "./stage-output.ts";
export { column, type Look, themes } from "./theme.ts";

/** A figure that a graph of stages allows. It is known before any stage has run. */
export interface Figure {
  /** "ring-trial/baseline" */
  readonly name: string;
  readonly title: string;
  /** The stage whose figure it is; where it stands goes by that. */
  readonly stage: StageId;
  readonly chapter: Chapter;
  /** The stages it shows. */
  readonly needs: readonly string[];
  /** Stages that it also shows if they are there. */
  readonly wants: readonly string[];
  caption(results: Results): string;
  /** SVG. If a stage is missing, the figure says so. */
  draw(results: Results, look: Look): string;
}

/** What a graph of stages has, for its figures. */
interface Names {
  /** What follows a stage's id in the names of its places: "baseline" of "ring-trial/baseline". */
  members(stage: StageId): string[];
}

interface Kinds {
  readonly chapter: Chapter;
  figures(names: Names): readonly Placed[];
}

/** The figures of each stage that has any, in the order in which they are shown. */
const kinds: { readonly [K in StageId]?: Kinds } = {
  "step-response": {
    chapter: "Cells and transfer functions",
    figures: ({ members }) => [
      place("step-response", stepResponseFigure, {
        needs: members("step-response").map((cell) => `step-response/${cell}`),
        input: (made, needs) => ({ cells: needs.map(made) }),
      }),
    ],
  },
  "tf-fit": {
    chapter: "Cells and transfer functions",
    figures({ members }) {
      const cells = members("tf-fit");
      return [
        place("transfer-function", transferFunction, {
          needs: cells.flatMap((cell) => [`tf-simulation/${cell}`, `tf-fit/${cell}`]),
          input: (made) => ({
            cells: cells.map((cell) => ({
              table: made(`tf-simulation/${cell}`),
              fit: made(`tf-fit/${cell}`),
            })),
          }),
        }),
      ];
    },
  },
  network: {
    chapter: "Spiking networks",
    figures: () => [
      place("network", networkFigure, { needs: ["network"], input: (made) => ({ run: made("network") }) }),
    ],
  },
  "network-comparison": {
    chapter: "Spiking networks",
    figures: () => [
      place("network-comparison", networkComparisonFigure, {
        needs: ["network-comparison"],
        input: (made) => ({ comparison: made("network-comparison") }),
      }),
    ],
  },
  "waveform-comparison": {
    chapter: "Spiking networks",
    figures: () => [
      place("waveform-comparison", waveformComparisonFigure, {
        needs: ["waveform-network", "waveform-comparison"],
        input: (made) => ({ run: made("waveform-network"), comparison: made("waveform-comparison") }),
      }),
    ],
  },
  "ring-trial": {
    chapter: "The ring",
    figures({ members }) {
      const variants = members("ring-trial");
      return [
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
      ];
    },
  },
  recording: {
    chapter: "Against recordings",
    figures: ({ members }) =>
      members("recording").map((name) =>
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
  },
  residual: {
    chapter: "Against recordings",
    figures: ({ members }) =>
      members("residual").map((member) => {
        const [trial, ...recording] = member.split("/") as [string, ...string[]];
        return place(`residual/${member}`, residualFigure, {
          of: `${trial}, ${recording.join("/")}`,
          needs: [`residual/${member}`],
          input: (made) => ({ residual: made(`residual/${member}`), trial, recording: recording.join("/") }),
        });
      }),
  },
  scan: {
    chapter: "Scan and inference",
    figures: ({ members }) => [
      place("scan", scanOverview, { needs: ["scan"], input: (made) => ({ scan: made("scan") }) }),
      ...members("recording").map((recording) =>
        place(`scan/${recording}`, scanFigure, {
          of: recording,
          needs: ["scan"],
          input: (made) => ({ scan: made("scan"), recording }),
        }),
      ),
    ],
  },
  inference: {
    chapter: "Scan and inference",
    figures: () => [
      place("inference", inferenceFigure, {
        needs: ["inference", "scan"],
        input: (made) => ({ inference: made("inference"), ranges: rangesOf(made("scan")) }),
      }),
    ],
  },
  "refined-inference": {
    chapter: "Scan and inference",
    figures: () => [
      place("refined-inference", inferenceFigure, {
        of: "refined",
        needs: ["refined-inference"],
        input: (made) => {
          const inference: OutputOf<typeof refinedInference> = made("refined-inference");
          return { inference, ranges: inference.params.ranges };
        },
      }),
    ],
  },
  posterior: {
    chapter: "Scan and inference",
    figures: () => [
      place("posterior", posteriorFigure, {
        needs: ["posterior"],
        input: (made) => ({ posterior: made("posterior") }),
      }),
    ],
  },
};

/** Every figure that these stages allow, in the order in which they are shown. */
export function figuresOf(stages: Iterable<string>): Figure[] {
  const names = [...stages];
  const members = (stage: StageId) =>
    names.filter((name) => name.startsWith(`${stage}/`)).map((name) => name.slice(stage.length + 1));
  return Object.entries(kinds)
    .flatMap(([stage, { chapter, figures }]) =>
      figures({ members }).map((figure) => ({ ...figure, stage: stage as StageId, chapter })),
    )
    .filter(({ needs }) => needs.length > 0 && needs.every((stage) => names.includes(stage)));
}

/** What a stage made. Its type is known by its name only, so this one place casts: `never` fits every type. */
type Take = (stage: string) => never;

const trialOf = (variant: string, made: Take) => ({
  trial: made(`ring-trial/${variant}`),
  line: made(`propagation/trial/${variant}`),
});

/** A figure before it is known whose it is. */
type Placed = Omit<Figure, "stage" | "chapter">;

interface Place<I> {
  /** Selects one of several figures of the kind. */
  readonly of?: string;
  readonly needs: readonly string[];
  readonly wants?: readonly string[];
  input(made: Take, needs: readonly string[]): I;
}

function place<I>(name: string, picture: FigureKind<I>, { of, needs, wants = [], input }: Place<I>): Placed {
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
