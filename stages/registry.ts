import type { z } from "zod";
// Here, in cortex.ts and in cortex-inference.ts alone framework code is imported: stages need only its types.
import { type Artifact, lazyStage, type Stage, type StageNode } from "../pipeline/index.ts";
import fixedPoint from "./fixed-point.ts";
import { inferenceSchema, refinedInferenceSchema } from "./inference-settings.ts";
import {
  recordingPropagationSchema,
  trialPropagationSchema,
} from "./model/propagation/propagation-settings.ts";
import network from "./network.ts";
import networkComparison from "./network-comparison.ts";
import posterior from "./posterior.ts";
import * as rows from "./quantities.ts";
import recording from "./recording.ts";
import refinement from "./refinement.ts";
import residual from "./residual.ts";
import ringTrial from "./ring-trial.ts";
import scan from "./scan.ts";
import starts from "./starts.ts";
import stepResponse from "./step-response.ts";
import tfFit from "./tf-fit.ts";
import tfSimulation from "./tf-simulation.ts";
import waveformComparison from "./waveform-comparison.ts";
import waveformMeanField from "./waveform-mean-field.ts";
import waveformNetwork from "./waveform-network.ts";

/** Parts of the report, in its order. */
export const sectionIds = [
  ...["single-cells", "transfer-functions", "network", "waveform", "ring", "recordings", "residuals"],
  ...["scan", "inference", "refinement", "posterior"],
] as const;
export type SectionId = (typeof sectionIds)[number];

/** All that the rest of the program knows of a stage. */
export interface Entry {
  readonly stage: Stage;
  /** Where it stands in the report. */
  readonly section: SectionId;
  /** What is told there of its parameters: sections of the configuration, or single paths. */
  readonly parameters?: readonly string[];
  /** Its numbers, beside those that the notebook prints. Stages that share a function are told together. */
  readonly quantities?: rows.Quantities;
  /** Parameters besides network and cells whose change leaves no printed number to compare with: paths, or "tf.". */
  readonly reachedBy?: readonly string[];
  /** Of a stage that cortex.ts does not wire: its part of the configuration and its places in the graph. */
  readonly addition?: Addition;
}

/** The places that a stage has in the graph so far. */
export type PlacesOf = <P, I extends Readonly<Record<string, Artifact>>, A extends Artifact>(
  stage: Stage<P, I, A>,
) => readonly StageNode<A>[];

export interface Addition {
  /** The section of the configuration. */
  readonly name: string;
  readonly schema: z.ZodObject;
  place(settings: never, placesOf: PlacesOf): readonly StageNode[];
}

/** A stage's own part of the configuration, with its places in the graph. */
export const addition = <S extends z.ZodObject>(
  name: string,
  schema: S,
  place: (settings: z.infer<S>, placesOf: PlacesOf) => readonly StageNode[],
): Addition => ({ name, schema, place });

// What takes packages of hundreds of files a run that finds everything up to date does not wait for.
const trialPropagation = lazyStage(
  { id: "propagation/trial", params: trialPropagationSchema },
  () => import("./propagation/trial.ts"),
);
const recordingPropagation = lazyStage(
  { id: "propagation/recording", params: recordingPropagationSchema },
  () => import("./propagation/recording.ts"),
);
const inference = lazyStage({ id: "inference", params: inferenceSchema }, () => import("./inference.ts"));
const refinedInference = lazyStage(
  { id: "refined-inference", params: refinedInferenceSchema },
  () => import("./refined-inference.ts"),
);

/** Every stage by its id, in the order in which report, results and page tell of them. */
export const registry = {
  "step-response": {
    stage: stepResponse,
    section: "single-cells",
    parameters: ["cells"],
    quantities: rows.stepResponseRows,
  },
  "tf-simulation": {
    stage: tfSimulation,
    section: "transfer-functions",
    parameters: ["tf"],
    quantities: rows.tableRows,
  },
  "tf-fit": {
    stage: tfFit,
    section: "transfer-functions",
    parameters: ["reading", "coefficients"],
    quantities: rows.fitRows,
    reachedBy: ["reading", "tf."],
  },
  "fixed-point": {
    stage: fixedPoint,
    section: "network",
    parameters: ["mean_field"],
    quantities: rows.fixedPointRows,
    reachedBy: ["reading", "mean_field."],
  },
  network: { stage: network, section: "network", parameters: ["network", "spiking"] },
  "network-comparison": { stage: networkComparison, section: "network" },
  "waveform-mean-field": {
    stage: waveformMeanField,
    section: "waveform",
    parameters: ["waveform"],
    quantities: rows.waveformRows,
  },
  "waveform-network": { stage: waveformNetwork, section: "waveform" },
  "waveform-comparison": { stage: waveformComparison, section: "waveform" },
  "ring-trial": { stage: ringTrial, section: "ring", parameters: ["ring"], quantities: rows.ringRows },
  recording: { stage: recording, section: "recordings", parameters: ["recordings"] },
  residual: {
    stage: residual,
    section: "residuals",
    parameters: ["residual"],
    quantities: rows.residualRows,
    reachedBy: ["reading", "mean_field.", "ring.", "residual."],
  },
  "propagation/trial": {
    stage: trialPropagation,
    section: "ring",
    parameters: ["propagation.crossing", "propagation.confidence", "propagation.trial"],
    quantities: rows.speedRows,
  },
  "propagation/recording": {
    stage: recordingPropagation,
    section: "recordings",
    parameters: ["propagation.crossing", "propagation.confidence", "propagation.recording"],
    quantities: rows.speedRows,
  },
  scan: { stage: scan, section: "scan", parameters: ["scan"] },
  inference: {
    stage: inference,
    section: "inference",
    parameters: ["inference"],
    quantities: rows.inferredRows,
  },
  starts: { stage: starts, section: "refinement" },
  refinement: { stage: refinement, section: "refinement", parameters: ["refinement"] },
  "refined-inference": { stage: refinedInference, section: "refinement", quantities: rows.refinedRows },
  posterior: { stage: posterior, section: "posterior", parameters: ["posterior"] },
} satisfies Readonly<Record<string, Entry>>;
export type StageId = keyof typeof registry;

export const entries: readonly Entry[] = Object.values(registry);

/** Every stage, for executors. */
export const stages: readonly Stage[] = entries.map(({ stage }) => stage);

/** The entry of the stage that a place of the graph is of: "ring-trial/baseline" of ring-trial. */
export const entryOf = (name: string): Entry | undefined =>
  entries.find(({ stage: { id } }) => name === id || name.startsWith(`${id}/`));

const additions = entries.flatMap((entry) => entry.addition ?? []);

/** The parts of the configuration that stages bring along, by name. */
export const addedSections: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  additions.map(({ name, schema }) => [name, schema.prefault({})]),
);

/** The places of the stages that bring their own, among others that are there. */
export function addedPlaces(nodes: readonly StageNode[], configuration: object): StageNode[] {
  const all = [...nodes];
  const placesOf = ((stage: Stage) => all.filter((node) => node.stage === stage)) as unknown as PlacesOf;
  for (const { name, place } of additions) {
    all.push(...place((configuration as Readonly<Record<string, never>>)[name]!, placesOf));
  }
  return all.slice(nodes.length);
}
