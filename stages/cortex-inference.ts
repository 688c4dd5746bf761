import { stimulusOf } from "../data/recording-name.ts";
import { BadInput } from "../pipeline/errors.ts";
import { grid, type Node, place, type StageNode } from "../pipeline/index.ts";
import type { Configuration } from "./configuration.ts";
import type { FixedPoint } from "./fixed-point.ts";
import type { Comparison } from "./model/comparison/comparison.ts";
import type { FieldParameters } from "./model/mean-field/field.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";
import posterior from "./posterior.ts";
import type { Recording, RecordingFile } from "./recording.ts";
import refinement, { type Refinement } from "./refinement.ts";
import { registry } from "./registry.ts";
import scan, { axesOf, type Scan, units } from "./scan.ts";
import starts, { type Starts } from "./starts.ts";

/**
 * Trials of the scan in a chunk. More would lose more work to a kill; fewer would align each recording more often.
 */
const trialsAtOnce = 50;

/** The most points of a scan. In chunks of 500 they took at most 2.6 GB of memory. */
const mostPoints = 1e7;

/** What every simulation of the ring needs. */
interface FieldNodes {
  readonly exc: Node<Coefficients>;
  readonly inh: Node<Coefficients>;
  readonly fixedPoint: Node<FixedPoint>;
}

/** The scan, the refinement from its best points, the statistics of both, and the posterior. */
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
  // Each recording takes only its own best points of the scan, so another recording changes nothing for it.
  const begun = measured.map((recording) => {
    const name = lastPart(recording);
    const settings = { recording: name, starts: configuration.refinement.starts };
    return place(starts, `starts/${name}`, settings, { recording, scan: scanned });
  });
  const refined = refinementOf(configuration, field, inputs, begun);
  const { ranges } = soughtIn(configuration);
  return [
    scanned,
    place(registry.inference.stage, "inference", { durations }, { scan: scanned }),
    ...begun,
    refined,
    place(
      registry["refined-inference"].stage,
      "refined-inference",
      { durations, ranges },
      { refinement: refined },
    ),
    posteriorOf(configuration, field, inputs, measured),
  ];
}

/**
 * What of the configuration all searches over the ring's six parameters share. The others are what is left of the
 * ring, so that a new one reaches every search.
 */
function soughtIn({ ring: whole, scan }: Configuration) {
  const { v_c, l_stim, l_exc, l_inh, tau2, tau1, ...ring } = whole;
  const { points, t_range, normalisation, ...ranges } = scan;
  return { ring, ranges, comparison: { t_range, normalisation } satisfies Record<keyof Comparison, unknown> };
}

/** The search for the smallest residual of each recording from the best points of the scan. */
function refinementOf(
  configuration: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  begun: readonly StageNode<Starts>[],
): StageNode<Refinement> {
  const { starts: _, ...searching } = configuration.refinement;
  return grid(refinement, "refinement", {
    axes: { recording: begun },
    params: { ...field, ...soughtIn(configuration), refinement: searching },
    inputs,
    chunk: 1,
  });
}

/** The six parameters of the ring over their ranges, against every recording. */
function scanOf(
  configuration: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  recordings: readonly StageNode<Recording>[],
): StageNode<Scan> {
  const { ring, comparison } = soughtIn(configuration);
  const axes = { ...axesOf(configuration.scan), recording: recordings };
  const size = Object.values(axes).reduce((product, { length }) => product * length, 1);
  if (size > mostPoints) throw new TooManyPoints(configuration.scan.points, recordings.length, size);
  return grid(scan, "scan", {
    axes,
    params: { ...field, ring, comparison },
    inputs,
    units,
    chunk: trialsAtOnce * recordings.length,
  });
}

/** The posterior of the scanned parameters for each recording. */
function posteriorOf(
  configuration: Configuration,
  field: FieldParameters,
  inputs: FieldNodes,
  recordings: readonly StageNode<Recording>[],
): StageNode {
  const { ring, ranges, comparison } = soughtIn(configuration);
  const { t_range } = comparison;
  return grid(posterior, "posterior", {
    axes: { recording: recordings },
    params: { ...field, ring, ranges, t_range, posterior: configuration.posterior },
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
