import { type Artifact, keyOf, type Result } from "../../pipeline/index.ts";

export const vector = (...numbers: number[]): Artifact => ({
  arrays: {
    x: { data: Float64Array.from(numbers), shape: [numbers.length], dims: ["x"], units: "mV" },
  },
  values: { count: numbers.length },
});

/** A result of a stage that gave this content. */
export function resultOf(stage: string, content: string, seconds = 1): Result {
  const preImage = { stage, code: "c", params: { x: -0 }, inputs: { a: content } };
  return {
    key: keyOf(preImage),
    preImage,
    content,
    seconds,
    at: "2025-01-01T00:00:00.000Z",
    where: { host: "here", pid: 1, node: "v20" },
  };
}
