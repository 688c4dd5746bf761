import { z } from "zod";
import { inferenceSchema } from "./inference-settings.ts";
import { comparisonSchema } from "./model/comparison/comparison.ts";
import { meanFieldSchema } from "./model/mean-field/field.ts";
import { cellNames } from "./model/parameters/cells.ts";
import { networkNames } from "./model/parameters/networks.ts";
import { readingSchema } from "./model/parameters/reading.ts";
import { propagationSchema } from "./model/propagation/propagation-settings.ts";
import { isShortEnough, ringSchema } from "./model/ring/trial.ts";
import { spikingSchema } from "./model/spiking/spiking.ts";
import { waveformSchema } from "./model/stimulus/waveform.ts";
import { posteriorSchema } from "./posterior.ts";
import { refinementSchema } from "./refinement.ts";
import { addedSections } from "./registry.ts";
import { scanSchema } from "./scan.ts";
import { tfSchema } from "./tf-simulation.ts";

export const coefficientSources = ["fit", "notebook", "authors"] as const;

/**
 * Everything a user can set, with the notebook's values as defaults. Paths are a contract. If an error depends on
 * another value, its message holds that value's path in braces; the command line fills in the value and where it came
 * from.
 */
export const configurationSchema = z
  .strictObject({
    network: z.enum(networkNames).default("CONFIG1").meta({ description: "the network" }),
    cells: z
      .strictObject({
        exc: z.enum(cellNames).default("RS-cell").meta({ description: "excitatory cell" }),
        inh: z.enum(cellNames).default("FS-cell").meta({ description: "inhibitory cell" }),
      })
      .prefault({}),
    reading: readingSchema.default("as-coded"),
    coefficients: z.enum(coefficientSources).default("fit").meta({
      description:
        "of the transfer functions: fitted here, printed in the notebook, or stored by the authors",
    }),
    tf: tfSchema.prefault({}),
    mean_field: meanFieldSchema.prefault({}),
    waveform: waveformSchema.prefault({}),
    spiking: spikingSchema.prefault({}),
    ring: ringSchema.prefault({}),
    recordings: z
      .union([z.string(), z.array(z.string()).min(1)])
      .optional()
      .meta({ description: "recordings, as files, folders or globs; the bundled example unless given" }),
    residual: comparisonSchema.prefault({}),
    propagation: propagationSchema.prefault({}),
    scan: scanSchema.prefault({}),
    inference: inferenceSchema.prefault({}),
    refinement: refinementSchema.prefault({}),
    posterior: posteriorSchema.prefault({}),
    ...(addedSections as Readonly<Record<never, never>>),
  })
  // The stages refuse it too, but only after their inputs have been computed.
  .refine(({ ring, mean_field }) => isShortEnough(ring.dt, mean_field.T), {
    path: ["ring", "dt"],
    error: "must be at most half of {mean_field.T}, for the steps to converge",
  });
export type Configuration = z.infer<typeof configurationSchema>;
export type ConfigurationInput = z.input<typeof configurationSchema>;

/** Named starting points; --config and --set go on top. */
export const profiles: Readonly<Record<string, ConfigurationInput>> = {
  default: {},
  /** The notebook's printed coefficients, which give its printed numbers, and the lines of its data figure. */
  notebook: {
    reading: "as-coded",
    coefficients: "notebook",
    propagation: {
      crossing: "as-coded",
      recording: {
        before: 20,
        pieces: [
          [3, 5.5],
          [6, 8],
          [8.2, 12],
        ],
      },
    },
  },
  /** The paper's scan, five values of each parameter, for every recording of a folder. */
  paper: { reading: "as-coded", coefficients: "notebook", scan: { points: 5 } },
};
