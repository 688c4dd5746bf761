import { BadInput } from "../data/bad-input.ts";
import { coefficients as pinned, provenance } from "../data/notebook.ts";
import { stimulusOf } from "../data/recording-name.ts";
// The one import of framework code in this room: stages themselves are values and need only its types.
import { deferred, grid, type Node, place, type StageNode, source } from "../pipeline/index.ts";
import { along } from "./arrays.ts";
import type { Configuration } from "./configuration.ts";
import fixedPoint, { type FixedPoint } from "./fixed-point.ts";
import { inferenceSchema, refinedInferenceSchema } from "./inference-settings.ts";
import { type CellName, cells } from "./model/cells.ts";
import type { FieldParameters } from "./model/field.ts";
import { networks } from "./model/networks.ts";
import { recordingPropagationSchema, trialPropagationSchema } from "./model/propagation-settings.ts";
import { type Coefficients, WrongReading } from "./model/transfer-function.ts";
import network from "./network.ts";
import networkComparison from "./network-comparison.ts";
import recording, { type FileBytes, type Recording } from "./recording.ts";
import refinement, { type Refinement } from "./refinement.ts";
import residual from "./residual.ts";
import ringTrial from "./ring-trial.ts";
import scan, { axesOf, type Scan, units } from "./scan.ts";
import starts, { type Starts } from "./starts.ts";
import stepResponse from "./step-response.ts";
import tfFit from "./tf-fit.ts";
import tfSimulation from "./tf-simulation.ts";
import waveformComparison from "./waveform-comparison.ts";
import waveformMeanField from "./waveform-mean-field.ts";
import waveformNetwork from "./waveform-network.ts";

// Statistics take packages of hundreds of files, which a run that finds everything up to date does not wait for.
const inference = deferred({ id: "inference", params: inferenceSchema }, () => import("./inference.ts"));
const refinedInference = deferred(
  { id: "refined-inference", params: refinedInferenceSchema },
  () => import("./refined-inference.ts"),
);
const trialPropagation = deferred(
  { id: "propagation/trial", params: trialPropagationSchema },
  () => import("./propagation/trial.ts"),
);
const recordingPropagation = deferred(
  { id: "propagation/recording", params: recordingPropagationSchema },
  () => import("./propagation/recording.ts"),
);

/** Every stage, for executors. */
export const stages = [
  stepResponse,
  tfSimulation,
  tfFit,
  fixedPoint,
  network,
  networkComparison,
  waveformMeanField,
  waveformNetwork,
  waveformComparison,
  ringTrial,
  recording,
  residual,
  trialPropagation,
  recordingPropagation,
  scan,
  inference,
  starts,
  refinement,
  refinedInference,
];

/** The notebook's four runs of the ring: what each changes of the configuration. */
export const variants = {
  baseline: {},
  "slow-conduction": { v_c: 50 },
  "brief-stimulus": { tau1: 10, tau2: 50 },
  "wide-stimulus": { l_exc: 1, l_stim: 4 },
} as const satisfies Record<string, Partial<Configuration["ring"]>>;

/**
 * Trials of the scan that are computed and remembered together: more would lose more to a kill, fewer would align
 * each recording more often.
 */
const trialsAtOnce = 50;

/** Points of a scan that fit into memory: so many, in chunks of 500, were measured to take 2.6 GB at the most. */
const mostPoints = 1e7;

/** A recording to compare with: the name it goes by, its file's name, and its bytes. */
export interface RecordingFile {
  readonly name: string;
  readonly file: string;
  read(): Promise<Uint8Array>;
}

/**
 * The pipeline: from single cells to what recordings say of the ring's parameters.
 *
 * @throws BadInput where pinned coefficients do not belong to the configuration
 */
export function cortex(configuration: Configuration, recordings: readonly RecordingFile[]): StageNode[] {
  const { reading, tf, waveform, spiking, ring } = configuration;
  const parameters = networks[configuration.network];
  const names = [...new Set([configuration.cells.exc, configuration.cells.inh])];

  const responses = names.map((name) =>
    place(stepResponse, `step-response/${name}`, { cell: cells[name] }, {}),
  );
  const tables = names.map((name) =>
    place(tfSimulation, `tf-simulation/${name}`, { cell: cells[name], network: parameters, tf }, {}),
  );
  const fits = names.map((name, k) =>
    place(
      tfFit,
      `tf-fit/${name}`,
      { cell: cells[name], network: parameters, reading },
      { table: tables[k]! },
    ),
  );

  const coefficientsOf = (cell: CellName): Node<Coefficients> =>
    configuration.coefficients === "fit"
      ? fits[names.indexOf(cell)]!
      : pinnedCoefficients(configuration.coefficients, cell, configuration);
  const exc = coefficientsOf(configuration.cells.exc);
  const inh =
    configuration.cells.inh === configuration.cells.exc ? exc : coefficientsOf(configuration.cells.inh);

  const field = {
    cells: { exc: cells[configuration.cells.exc], inh: cells[configuration.cells.inh] },
    network: parameters,
    reading,
    mean_field: {
      T: configuration.mean_field.T,
      drive: configuration.mean_field.drive ?? parameters.drive,
    },
  };
  const rest = place(fixedPoint, "fixed-point", field, { exc, inh });
  const inputs = { exc, inh, fixedPoint: rest };
  const response = place(waveformMeanField, "waveform-mean-field", { ...field, waveform }, inputs);

  const { duration, ...stepping } = spiking;
  const { drive } = field.mean_field;
  const simulated = { cells: field.cells, network: parameters, mean_field: { drive } };
  const compared = { ...simulated, reading };
  const run = place(network, "network", { ...simulated, spiking }, {});
  const waveformRun = place(
    waveformNetwork,
    "waveform-network",
    { ...simulated, spiking: stepping, waveform },
    {},
  );
  const comparisons = [
    place(networkComparison, "network-comparison", compared, { network: run, fixedPoint: rest }),
    place(waveformComparison, "waveform-comparison", compared, { network: waveformRun, meanField: response }),
  ];

  const trials = Object.entries(variants).map(([variant, changes]) =>
    place(ringTrial, `ring-trial/${variant}`, { ...field, ring: { ...ring, ...changes } }, inputs),
  );

  const measured = recordings.map(({ name, file, read }) => {
    const bytes = source<FileBytes>(`file ${name}`, async () => ({
      arrays: { bytes: along("byte", await read(), "1") },
      values: {},
    }));
    return place(recording, `recording/${name}`, { file }, { file: bytes });
  });
  const residuals = trials.flatMap((trial) =>
    measured.map((recording) => {
      const name = `residual/${lastPart(trial)}/${lastPart(recording)}`;
      return place(residual, name, { residual: configuration.residual }, { trial, recording });
    }),
  );
  const { trial: ofTrials, recording: ofRecordings, ...ofBoth } = configuration.propagation;
  const fronts = [
    ...trials.map((trial) =>
      place(
        trialPropagation,
        `propagation/trial/${lastPart(trial)}`,
        { propagation: { ...ofBoth, trial: ofTrials } },
        { trial },
      ),
    ),
    ...measured.map((recording) =>
      place(
        recordingPropagation,
        `propagation/recording/${lastPart(recording)}`,
        { propagation: { ...ofBoth, recording: ofRecordings } },
        { recording },
      ),
    ),
  ];
  // A grid along an axis without recordings would be none.
  const inferences =
    measured.length === 0 ? [] : inferenceOf(configuration, field, inputs, measured, recordings);
  // Recordings first: a file that cannot be read is told before anything long begins.
  return [
    ...measured,
    ...responses,
    ...tables,
    ...fits,
    rest,
    response,
    run,
    waveformRun,
    ...comparisons,
    ...trials,
    ...residuals,
    ...fronts,
    ...inferences,
  ];
}

type FieldNodes = {
  readonly exc: Node<Coefficients>;
  readonly inh: Node<Coefficients>;
  readonly fixedPoint: Node<FixedPoint>;
};

/** The scan, what begins at its best points, and what both say of the recordings. */
function inferenceOf(
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

const lastPart = ({ name }: StageNode): string => name.slice(name.indexOf("/") + 1);

/** Coefficients that were not fitted here, as a source of the graph; refused where they do not belong. */
function pinnedCoefficients(
  from: "notebook" | "authors",
  cell: CellName,
  { reading, network }: Configuration,
): Node<Coefficients> {
  const P = pinned[from][cell];
  if (!P || network !== provenance.network) {
    throw new BadInput(
      `coefficients=${from} are those of ${Object.keys(pinned[from]).join(" and ")} in ${provenance.network}, ` +
        `not of ${cell} in ${network}: set coefficients=fit to fit them.`,
    );
  }
  if (reading !== provenance.reading) throw new WrongReading(cell, provenance.reading, reading);
  return source<Coefficients>(`coefficients ${from} ${cell}`, async () => ({
    arrays: { P: along("term", Float64Array.from(P), "V") },
    values: { reading: provenance.reading },
  }));
}

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
