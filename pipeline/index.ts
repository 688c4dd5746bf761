/** The framework: stages, the graph they form, their keys, and the engine that runs them. */
export type { Artifact, Dtype, Json, LabelledArray, Numbers } from "./artifact.ts";
export { checkArtifact, dtypeOf, dtypes } from "./artifact.ts";
export { type Axis, type Points, sizeOf } from "./axis.ts";
export { type ByDurationOptions, byDuration } from "./by-duration.ts";
export { canonical } from "./canonical.ts";
export { type Coverage, coverageOf } from "./coverage.ts";
export { deferred } from "./deferred.ts";
export { Engine, type EngineOptions, type FollowOptions, type Revision, type RunOptions } from "./engine.ts";
export {
  BadInput,
  type ErrorClass,
  type Fault,
  faultOf,
  isError,
  Missing,
  NoThread,
  OtherCode,
  StoreError,
  TimeLimit,
  Transient,
  WorkerLost,
} from "./errors.ts";
export {
  type Ending,
  isEnding,
  type PipelineEvent,
  type Prospect,
  type Summary,
  summaryOf,
} from "./events.ts";

export { type Fingerprints, inProcess } from "./executor.ts";
export { type Failure, failureOf } from "./failure.ts";

export {
  type FingerprintOptions,
  fingerprintsOf,
  recordFingerprints,
  type StageModule,
} from "./fingerprint.ts";
export {
  type Axes,
  type Gathered,
  type Grid,
  type GridNode,
  type GridOptions,
  grid,
  isGrid,
} from "./grid.ts";
export { hash } from "./hash.ts";
export type { Assignment, Executor, Job } from "./job.ts";
export {
  baseOf,
  type Fingerprint,
  fingerprintOfText,
  isOf,
  keyOf,
  type PreImage,
  preImageOfText,
  preImageText,
  versionOf,
} from "./key.ts";
export type { Need } from "./need.ts";
export { isDead, newOwner, type Owner } from "./owner.ts";
export { paced } from "./paced.ts";
export { partialOf } from "./partial.ts";
export type { At, Partly, Path } from "./paths.ts";
export { type Plan, stagesOf } from "./plan.ts";

export { needOf } from "./plan-need.ts";
export type { ThreadsOptions } from "./pool.ts";
export type { Depot, StoreIdentity } from "./queue/depot.ts";
export { mayRun, reusableResult } from "./reuse.ts";

export { type Runner, runnersText } from "./runners.ts";
export {
  type BatchContext,
  closure,
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
} from "./stage.ts";
export { type Change, changedFiles, changedPaths, differences, type Reason } from "./staleness.ts";
export {
  type Claim,
  type CommitOptions,
  type Damage,
  type Entry,
  LEASE,
  type Result,
  type Store,
  type StoreStats,
  type Trail,
} from "./store.ts";
export { type Answer, type Order, thread } from "./thread.ts";

export { threads } from "./threads.ts";
export type { Thrown, ThrownError } from "./thrown.ts";
