/** The framework: stages, the graph they form, and the engine that runs them. */
export type { Artifact, Json, LabelledArray } from "./artifact/artifact.ts";
export { consumeSerially } from "./backpressure.ts";
export { Engine, type EngineOptions, type FollowOptions, type Revision, type RunOptions } from "./engine.ts";
export { BadInput, StoreError, Transient } from "./errors.ts";
export type { PipelineEvent, Summary, TerminalEvent } from "./events.ts";
export type { Failure } from "./failure.ts";
export {
  type FingerprintOptions,
  fingerprintsOf,
  recordFingerprints,
  type StageModule,
} from "./fingerprint/fingerprint.ts";
export { type Axes, type GridArtifact, type GridNode, type GridOptions, grid } from "./graph/grid.ts";
export { lazyStage } from "./graph/lazy-stage.ts";
export {
  type BatchContext,
  type Node,
  type Policy,
  place,
  type Schema,
  type SourceNode,
  type Stage,
  type StageContext,
  type StageNode,
  source,
} from "./graph/stage.ts";
export type { Executor } from "./jobs/job.ts";
export type { Fingerprint } from "./key/key.ts";
export type { Reason } from "./key/staleness.ts";
export type { Store } from "./store/store.ts";
