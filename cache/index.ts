/** Where results live: stores in a folder and in memory, and what looks after them. */
export { artifactExchange } from "./artifact-exchange.ts";
export type { BlobStore } from "./blob-store.ts";
export { type ArtifactDifference, diffArtifacts } from "./diff.ts";
export { folderBlobs } from "./folder-blobs.ts";
export { type Collection, type CollectOptions, collectGarbage, limitSize } from "./gc.ts";
export { History, newRunId, type Run, runOf } from "./history.ts";
export { type OpenOptions, openStore } from "./lmdb-store.ts";
export { LocalStore } from "./local-store.ts";
export { memoryStore } from "./memory-store.ts";
export { redisBlobs } from "./redis-blobs.ts";
export { diffRuns, type RunDifference } from "./run-diff.ts";
