import { BadInput } from "../data/bad-input.ts";
import { coefficients as pinned, provenance } from "../data/notebook.ts";
// The one import of framework code in this room: stages themselves are values and need only its types.
import { type Node, place, type StageNode, source } from "../pipeline/index.ts";
import { along } from "./arrays.ts";
import type { Configuration } from "./configuration.ts";
import fixedPoint from "./fixed-point.ts";
import { type CellName, cells } from "./model/cells.ts";
import { networks } from "./model/networks.ts";
import { type Coefficients, WrongReading } from "./model/transfer-function.ts";
import recording, { type FileBytes } from "./recording.ts";
import residual from "./residual.ts";
import ringTrial from "./ring-trial.ts";
import stepResponse from "./step-response.ts";
import tfFit from "./tf-fit.ts";
import tfSimulation from "./tf-simulation.ts";
import waveformMeanField from "./waveform-mean-field.ts";

/** Every stage, for executors. */
export const stages = [
  stepResponse,
  tfSimulation,
  tfFit,
  fixedPoint,
  waveformMeanField,
  ringTrial,
  recording,
  residual,
];

/** The notebook's four runs of the ring: what each changes of the configuration. */
export const variants = {
  baseline: {},
  "slow-conduction": { v_c: 50 },
  "brief-stimulus": { tau1: 10, tau2: 50 },
  "wide-stimulus": { l_exc: 1, l_stim: 4 },
} as const satisfies Record<string, Partial<Configuration["ring"]>>;

/** A recording to compare with: the name it goes by, its file's name, and its bytes. */
export interface RecordingFile {
  readonly name: string;
  readonly file: string;
  read(): Promise<Uint8Array>;
}

/**
 * The pipeline: from single cells to residuals against recordings.
 *
 * @throws BadInput where pinned coefficients do not belong to the configuration
 */
export function cortex(configuration: Configuration, recordings: readonly RecordingFile[]): StageNode[] {
  const { reading, tf, waveform, ring } = configuration;
  const network = networks[configuration.network];
  const names = [...new Set([configuration.cells.exc, configuration.cells.inh])];

  const responses = names.map((name) =>
    place(stepResponse, `step-response/${name}`, { cell: cells[name] }, {}),
  );
  const tables = names.map((name) =>
    place(tfSimulation, `tf-simulation/${name}`, { cell: cells[name], network, tf }, {}),
  );
  const fits = names.map((name, k) =>
    place(tfFit, `tf-fit/${name}`, { cell: cells[name], network, reading }, { table: tables[k]! }),
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
    network,
    reading,
    mean_field: {
      T: configuration.mean_field.T,
      drive: configuration.mean_field.drive ?? network.drive,
    },
  };
  const rest = place(fixedPoint, "fixed-point", field, { exc, inh });
  const inputs = { exc, inh, fixedPoint: rest };
  const response = place(waveformMeanField, "waveform-mean-field", { ...field, waveform }, inputs);
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
  // Recordings first: a file that cannot be read is told before anything long begins.
  return [...measured, ...responses, ...tables, ...fits, rest, response, ...trials, ...residuals];
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
