/** Jobs by way of Redis, and the workers that take them. Loaded only by who asks for it. */

export type { ArtifactExchange, StoreIdentity } from "./artifact-exchange.ts";
export { type ConnectionOptions, connect } from "./connection.ts";
export { type QueueExecutorOptions, queueExecutor } from "./queue-executor.ts";
export { parseRedisUrl, redactedUrl } from "./redis-url.ts";
export { worker } from "./worker.ts";
export type { Offer, WorkerEvent, WorkerOptions } from "./worker-options.ts";
