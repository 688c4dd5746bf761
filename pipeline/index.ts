/** The framework: stages, the graph they form, their keys, and the engine that runs them. */
export type { Artifact, Dtype, Json, LabelledArray, Numbers } from "./artifact/artifact.ts";
export { checkArtifact, dtypeOf, dtypes } from "./artifact/artifact.ts";
export { canonical } from "./artifact/canonical.ts";
export { hash } from "./artifact/hash.ts";
export type { At, Partly, Path } from "./artifact/parameter-paths.ts";
export { consumeSerially } from "./backpressure.ts";
export { Engine, type EngineOptions, type FollowOptions, type Revision, type RunOptions } from "./engine.ts";
export {
  BadInput,
  CodeMismatch,
  type ErrorClass,
  type Fault,
  faultOf,
  isError,
  Missing,
  StoreError,
  TimeLimitExceeded,
  Transient,
  WorkerLost,
  WorkerModuleError,
} from "./errors.ts";
export {
  isTerminal,
  mayRun,
  type NodeState,
  type PipelineEvent,
  type Summary,
  summaryOf,
  type TerminalEvent,
} from "./events.ts";
export { type FingerprintLoader, inProcess } from "./execute/in-process.ts";
export { threadExecutor } from "./execute/threads/thread-executor.ts";
export type { ThreadExecutorOptions } from "./execute/threads/thread-pool.ts";
export { serveThread, type WorkerRequest, type WorkerResponse } from "./execute/threads/worker-thread.ts";
export { type TieredExecutorOptions, tieredExecutor } from "./execute/tiered-executor.ts";
export { type Failure, failureOf } from "./failure.ts";
export {
  type FingerprintOptions,
  fingerprintsOf,
  recordFingerprints,
  type StageModule,
} from "./fingerprint/fingerprint.ts";
export { type Axis, type Points, sizeOf } from "./graph/axis.ts";
export {
  type Axes,
  type Grid,
  type GridArtifact,
  type GridNode,
  type GridOptions,
  grid,
  isGrid,
} from "./graph/grid.ts";
export { lazyStage } from "./graph/lazy-stage.ts";
export {
  ancestors,
  type BatchContext,
  inputsOf,
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
export { type Coverage, coverageOf } from "./grid/coverage.ts";
export { partialOf } from "./grid/partial.ts";
export type { Assignment, Executor, Job } from "./jobs/job.ts";
export type { SerializedError, ThrownError } from "./jobs/serialized-error.ts";
export { type WorkerShare, workerSharesText } from "./jobs/worker-shares.ts";
export {
  baseOf,
  codeVersion,
  type Fingerprint,
  fingerprintOfText,
  keyOf,
  type PreImage,
  preImageOfText,
  preImageText,
  sameCode,
} from "./key/key.ts";
export { type Change, changedFiles, changedPaths, explain, type Reason } from "./key/staleness.ts";
export { liveSetOf } from "./plan/live-set.ts";
export { type Plan, stagesOf } from "./plan/plan.ts";
export type { ArtifactExchange, StoreIdentity } from "./queue/artifact-exchange.ts";
export { isDead, type LeaseHolder, newLeaseHolder } from "./store/lease-holder.ts";
export type { LiveSet } from "./store/live-set.ts";
export { reusableResult } from "./store/reuse.ts";
export {
  type Claim,
  type CommitOptions,
  type Damage,
  type LastKeys,
  LEASE,
  type Result,
  type Store,
  type StoredResult,
  type StoreStats,
} from "./store/store.ts";
