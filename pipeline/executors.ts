/** Where stages run: in this thread, in worker threads, in workers elsewhere. */

export { CodeMismatch, Missing, TimeLimitExceeded, WorkerLost, WorkerModuleError } from "./errors.ts";
export { type FingerprintLoader, inProcess } from "./execute/in-process.ts";
export { threadExecutor } from "./execute/threads/thread-executor.ts";
export type { ThreadExecutorOptions } from "./execute/threads/thread-pool.ts";
export { serveThread, type WorkerRequest, type WorkerResponse } from "./execute/threads/worker-thread.ts";
export { type TieredExecutorOptions, tieredExecutor } from "./execute/tiered-executor.ts";
export type { Assignment, Job } from "./jobs/job.ts";
export type { SerializedError, ThrownError } from "./jobs/serialized-error.ts";
export { type WorkerShare, workerSharesText } from "./jobs/worker-shares.ts";
export type { ArtifactExchange, StoreIdentity } from "./queue/artifact-exchange.ts";
