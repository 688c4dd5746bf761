import { stimulusOf } from "../data/recording-name.ts";
import { BadInput } from "../pipeline/errors.ts";
import { deferred, grid, type Node, place, type StageNode } from "../pipeline/index.ts";
import type { Configuration } from "./configuration.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { inferenceSchema, refinedInferenceSchema } from "./inference-settings.ts";
import type { FieldParameters } from "./model/field.ts";
import type { Coefficients } from "./model/transfer-function.ts";
import posterior from "./posterior.ts";
import type { Recording, RecordingFile } from "./recording.ts";
import refinement, { type Refinement } from "./refinement.ts";
import scan, { axesOf, type Scan, units } from "./scan.ts";
import starts, { type Starts } from "./starts.ts";

// Statistics take packages of hundreds of files, which a run that finds everything up to date does not wait for.
const inference = deferred({ id: "inference", params: inferenceSchema }, () => import("./inference.ts"));
const refinedInference = deferred(
  { id: "refined-inference", params: refinedInferenceSchema },
  () => import("./refined-inference.ts"),
);
/** The stages from recordings to physiology, for executors. */
export const inferenceStages = [scan, inference, starts, refinement, refinedInference, posterior];

/**
 * Trials of the scan that are computed and remembered together: more would lose more to a kill, fewer would align
 * each recording more often.
 */
const trialsAtOnce = 50;

/** Points of a scan that fit into memory: so many, in chunks of 500, were measured to take 2.6 GB at the most. */
const mostPoints = 1e7;

/** What every simulation of the ring needs. */
interface FieldNodes {
  readonly exc: Node<Coefficients>;
  readonly inh: Node<Coefficients>;
  readonly fixedPoint: Node<FixedPoint>;
}

/** The scan, what begins at its best points, what both say of the recordings, and what these can tell. */
export function inferenceOf(
  configuration: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  measured: readonly StageNode<Recording>[],
  recordings: readonly RecordingFile[],
): StageNode[] {
  const given = configuration.inference.durations;
  const known = recordings.flatMap(({ name, file }) => {
    const ms = Object.hasOwn(given, name) ? given[name] : stimulusOf(file)?.duration;
    return ms === undefined ? [] : [[name, ms] as const];
  });
  const durations = Object.fromEntries(known);
  const scanned = scanOf(configuration, field, inputs, measured);
  // Of the scan each recording takes its own best points only: another recording leaves them as they are.
  const begun = measured.map((recording) => {
    const name = lastPart(recording);
    const settings = { recording: name, starts: configuration.refinement.starts };
    return place(starts, `starts/${name}`, settings, { recording, scan: scanned });
  });
  const refined = refinementOf(configuration, field, inputs, begun);
  const { points, t_range, normalisation, ...ranges } = configuration.scan;
  return [
    scanned,
    place(inference, "inference", { durations }, { scan: scanned }),
    ...begun,
    refined,
    place(refinedInference, "refined-inference", { durations, ranges }, { refinement: refined }),
    posteriorOf(configuration, field, inputs, measured),
  ];
}

/** The smallest residual of each recording, from the scan's best points on. */
function refinementOf(
  { ring: { pixels, extent, amplitude, dt }, scan: ranges, refinement: settings }: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  begun: readonly StageNode<Starts>[],
): StageNode<Refinement> {
  const { points, t_range, normalisation, ...bounds } = ranges;
  const { starts: _, ...searching } = settings;
  return grid(refinement, "refinement", {
    axes: { recording: begun },
    params: {
      ...field,
      ring: { pixels, extent, amplitude, dt },
      ranges: bounds,
      comparison: { t_range, normalisation },
      refinement: searching,
    },
    inputs,
    chunk: 1,
  });
}

/** The six parameters of the ring over their ranges, against every recording. */
function scanOf(
  { ring: { pixels, extent, amplitude, dt }, scan: ranges }: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  recordings: readonly StageNode<Recording>[],
): StageNode<Scan> {
  const { t_range, normalisation } = ranges;
  const axes = { ...axesOf(ranges), recording: recordings };
  const size = Object.values(axes).reduce((product, { length }) => product * length, 1);
  if (size > mostPoints) throw new TooManyPoints(ranges.points, recordings.length, size);
  return grid(scan, "scan", {
    axes,
    params: { ...field, ring: { pixels, extent, amplitude, dt }, comparison: { t_range, normalisation } },
    inputs,
    units,
    chunk: trialsAtOnce * recordings.length,
  });
}

/** What each recording tells about the scanned parameters. */
function posteriorOf(
  { ring: { pixels, extent, amplitude, dt }, scan: ranges, posterior: settings }: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  recordings: readonly StageNode<Recording>[],
): StageNode {
  const { v_c, l_stim, l_exc, l_inh, tau2, tau1, t_range } = ranges;
  return grid(posterior, "posterior", {
    axes: { recording: recordings },
    params: {
      ...field,
      ring: { pixels, extent, amplitude, dt },
      ranges: { v_c, l_stim, l_exc, l_inh, tau2, tau1 },
      t_range,
      posterior: settings,
    },
    inputs,
    chunk: 1,
  });
}

export const lastPart = ({ name }: StageNode): string => name.slice(name.indexOf("/") + 1);

class TooManyPoints extends BadInput {
  constructor(points: number, recordings: number, size: number) {
    let most = points;
    while (most > 0 && most * most * most * most * most * most * recordings > mostPoints) most -= 1;
    const against = recordings === 1 ? "1 recording" : `${grouped(recordings)} recordings`;
    super(
      `scan.points is ${points}: six parameters of ${points} values each, against ${against}, make ` +
        `${points}^6 × ${grouped(recordings)} = ${grouped(size)} points, and ${grouped(mostPoints)} fit into memory; ` +
        `set scan.points to at most ${most}, or scan fewer recordings.`,
    );
  }
}

/** "15,625" */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
