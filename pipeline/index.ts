/** The framework: stages, the graph they form, their keys, and the engine that runs them. */
export type { Artifact, Dtype, Json, LabelledArray, Numbers } from "./artifact.ts";
export { checkArtifact, dtypeOf, dtypes } from "./artifact.ts";
export { canonical } from "./canonical.ts";
export { Engine, type EngineOptions, type RunOptions } from "./engine.ts";
export {
  type Ending,
  isEnding,
  type PipelineEvent,
  type Prospect,
  type Summary,
  summaryOf,
} from "./events.ts";
export { type Assignment, type Executor, inProcess, type Job } from "./executor.ts";
export { type Failure, failureOf, StoreError } from "./failure.ts";
export { hash } from "./hash.ts";
export { type Fingerprint, fingerprintOfText, keyOf, type PreImage } from "./key.ts";
export { hasWork, type Need, needOf } from "./need.ts";
export { isDead, newOwner, type Owner } from "./owner.ts";
export { type Plan, stagesOf } from "./plan.ts";
export {
  closure,
  inputsOf,
  type Node,
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
