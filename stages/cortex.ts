import { coefficients as pinned, provenance } from "../data/notebook.ts";
import { BadInput } from "../pipeline/errors.ts";
import { type Node, place, type StageNode, source } from "../pipeline/index.ts";
import type { Configuration } from "./configuration.ts";
import { inferenceOf, lastPart } from "./cortex-inference.ts";
import fixedPoint from "./fixed-point.ts";
import { vector } from "./labelled-arrays.ts";
import { type CellName, cells } from "./model/parameters/cells.ts";
import { networks } from "./model/parameters/networks.ts";
import { type Coefficients, WrongReading } from "./model/transfer-function/transfer-function.ts";
import network from "./network.ts";
import networkComparison from "./network-comparison.ts";
import recording, { type FileBytes, type RecordingFile } from "./recording.ts";
import { addedPlaces, registry } from "./registry.ts";
import residual from "./residual.ts";
import ringTrial from "./ring-trial.ts";
import stepResponse from "./step-response.ts";
import tfFit from "./tf-fit.ts";
import tfSimulation from "./tf-simulation.ts";
import waveformComparison from "./waveform-comparison.ts";
import waveformMeanField from "./waveform-mean-field.ts";
import waveformNetwork from "./waveform-network.ts";

/** The notebook's four runs of the ring: what each changes in the configuration. */
export const variants = {
  baseline: {},
  "slow-conduction": { v_c: 50 },
  "brief-stimulus": { tau1: 10, tau2: 50 },
  "wide-stimulus": { l_exc: 1, l_stim: 4 },
} as const satisfies Record<string, Partial<Configuration["ring"]>>;

/**
 * The pipeline: from single cells to what recordings say of the ring's parameters.
 *
 * @throws BadInput if pinned coefficients do not belong to the configuration
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
    mean_field: { ...configuration.mean_field, drive: configuration.mean_field.drive ?? parameters.drive },
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
      arrays: { bytes: vector("byte", await read(), "1") },
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
        registry["propagation/trial"].stage,
        `propagation/trial/${lastPart(trial)}`,
        { propagation: { ...ofBoth, trial: ofTrials } },
        { trial },
      ),
    ),
    ...measured.map((recording) =>
      place(
        registry["propagation/recording"].stage,
        `propagation/recording/${lastPart(recording)}`,
        { propagation: { ...ofBoth, recording: ofRecordings } },
        { recording },
      ),
    ),
  ];
  // A grid along an axis without recordings would be none.
  const inferences =
    measured.length === 0 ? [] : inferenceOf(configuration, field, inputs, measured, recordings);
  // Recordings first, so that a file that cannot be read fails before anything long begins.
  const nodes = [
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
  return [...nodes, ...addedPlaces(nodes, configuration)];
}

/** Coefficients that were not fitted here, as a source of the graph. */
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
    arrays: { P: vector("term", Float64Array.from(P), "V") },
    values: { reading: provenance.reading },
  }));
}
