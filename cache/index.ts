/** Where results live: stores in a folder and in memory, and what looks after them. */

export { artifactExchange } from "./artifact-exchange.ts";
export { type AuditFinding, audit, type Suspect, suspectsOf } from "./audit.ts";
export type { BlobStore } from "./blob-store.ts";
export { type Clearing, clear } from "./clear.ts";
export { type Compaction, compact } from "./compact.ts";
export { type Cost, costOf, secondsByStage, secondsOfComputing } from "./costs.ts";
export {
  type ArrayDifference,
  type ArtifactDifference,
  type Distance,
  diffArtifacts,
  isEqual,
  type Layout,
} from "./diff.ts";
export { folderBlobs } from "./folder-blobs.ts";
export { type Collection, type CollectOptions, collectGarbage, type Freed, limitSize } from "./gc.ts";
export {
  History,
  type HistoryLimits,
  newRunId,
  type Run,
  type RunStart,
  runOf,
  type StageRecord,
} from "./history.ts";
export { type OpenOptions, openStore } from "./lmdb-store.ts";
export { LocalStore } from "./local-store.ts";
export { memoryStore } from "./memory-store.ts";
export { type Pin, Pins } from "./pins.ts";
export { type RedisBlobsOptions, redisBlobs } from "./redis-blobs.ts";
export type { Keep } from "./roots.ts";
export { resultsIn } from "./rows.ts";
export { diffRuns, type RunDifference, type StageDifference } from "./run-diff.ts";
export { sampleOf } from "./sample.ts";
export type { Table, Tables } from "./tables.ts";
export { type Finding, type Verification, type VerifyOptions, verify } from "./verify.ts";
