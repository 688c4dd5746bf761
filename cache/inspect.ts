/** What stores hold, what it cost, and whether it is still right: for programs that show or check them. */
export { type AuditFinding, audit, type Suspect, suspectsOf } from "./audit.ts";
export { type Clearing, clear } from "./clear.ts";
export { type Compaction, compact } from "./compact.ts";
export { type Cost, costOf, secondsByStage, secondsOfComputing } from "./costs.ts";
export { type ArrayDifference, type Distance, isEqual, type Layout } from "./diff.ts";
export type { Freed } from "./gc.ts";
export type { HistoryLimits, RunStart, StageRecord } from "./history.ts";
export { type Pin, Pins } from "./pins.ts";
export type { RedisBlobsOptions } from "./redis-blobs.ts";
export type { Keep } from "./roots.ts";
export { resultsIn } from "./rows.ts";
export type { StageDifference } from "./run-diff.ts";
export { sampleOf } from "./sample.ts";
export type { Table, Tables } from "./tables.ts";
export { type Finding, type Verification, type VerifyOptions, verify } from "./verify.ts";
