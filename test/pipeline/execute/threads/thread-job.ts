import type { Assignment } from "../../../../pipeline/executors.ts";
import { keyOf, type PreImage } from "../../../../pipeline/inspect.ts";
import { newLeaseHolder } from "../../../../pipeline/testing.ts";
import type { Deed } from "./thread-worker.ts";

/** A job for an executor, without an engine. */
export function jobOf(name: string, params: Deed, inputs: PreImage["inputs"] = {}): Assignment {
  const preImage = { stage: `deed-0/${name}`, code: "", params: { ...params }, inputs };
  return { stage: "deed-0", key: keyOf(preImage), preImage, recompute: false, owner: newLeaseHolder() };
}
