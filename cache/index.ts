/** Where results live: the codec of artifacts and the two stores. */
export { blobsOf, decode, type Encoded, encode } from "./codec.ts";
export {
  type ArrayDifference,
  type ArtifactDifference,
  type Distance,
  differenceOf,
  isEqual,
  type Layout,
} from "./diff.ts";
export { type Lease, Leases } from "./leases.ts";
export { folderTables, type OpenOptions, openStore } from "./lmdb-store.ts";
export { memoryStore, memoryTables } from "./memory-store.ts";
export { TableStore } from "./table-store.ts";
export type { Table, Tables } from "./tables.ts";
