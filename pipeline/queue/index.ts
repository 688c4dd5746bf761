/** Jobs by way of Redis, and the workers that take them. Loaded only by who asks for it. */
export { type ConnectionOptions, connect } from "./connection.ts";
export type { Depot, StoreIdentity } from "./depot.ts";
export { type RemoteOptions, remote } from "./remote.ts";
export { parsed, shownUrl } from "./url.ts";
export { worker } from "./worker.ts";
export type { Offer, WorkerEvent, WorkerOptions } from "./worker-options.ts";
