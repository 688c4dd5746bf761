/** What a store promises, and what stores and tests of them are written with. */
export { isDead, type LeaseHolder, newLeaseHolder } from "./store/lease-holder.ts";
export type { LiveSet } from "./store/live-set.ts";
export {
  type Claim,
  type CommitOptions,
  type Damage,
  type LastKeys,
  LEASE,
  type Result,
  type StoredResult,
  type StoreStats,
} from "./store/store.ts";
