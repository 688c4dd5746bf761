import type { Artifact } from "../../pipeline/index.ts";
import { keyOf } from "../../pipeline/inspect.ts";
import type { Result } from "../../pipeline/testing.ts";

export const vector = (...numbers: number[]): Artifact => ({
  arrays: {
    x: { data: Float64Array.from(numbers), shape: [numbers.length], dims: ["x"], units: "mV" },
  },
  values: { count: numbers.length },
});

/** What there is to say of a stage's result but its content; `input` makes another key. */
export function madeBy(stage: string, seconds = 1, input = "a".repeat(64)): Omit<Result, "content"> {
  const preImage = { stage, code: "c", params: { x: -0 }, inputs: { a: input } };
  return {
    key: keyOf(preImage),
    preImage,
    seconds,
    at: "2025-01-01T00:00:00.000Z",
    where: { host: "here", pid: 1, node: "v20" },
  };
}
