/** What plans, keys and artifacts say: for programs that show or explain them. */
export type { Dtype, Numbers } from "./artifact/artifact.ts";
export { checkArtifact, dtypeOf, dtypes } from "./artifact/artifact.ts";
export { canonical } from "./artifact/canonical.ts";
export { hash } from "./artifact/hash.ts";
export type { At, Partly, Path } from "./artifact/parameter-paths.ts";
export { type ErrorClass, type Fault, faultOf, isError } from "./errors.ts";
export { isTerminal, mayRun, type NodeState, summaryOf } from "./events.ts";
export { failureOf } from "./failure.ts";
export { type Axis, type Points, sizeOf } from "./graph/axis.ts";
export { type Grid, isGrid } from "./graph/grid.ts";
export { ancestors, inputsOf } from "./graph/stage.ts";
export { type Coverage, coverageOf } from "./grid/coverage.ts";
export { partialOf } from "./grid/partial.ts";
export {
  baseOf,
  codeVersion,
  fingerprintOfText,
  keyOf,
  type PreImage,
  preImageOfText,
  preImageText,
  sameCode,
} from "./key/key.ts";
export { type Change, changedFiles, changedPaths, explain } from "./key/staleness.ts";
export { liveSetOf } from "./plan/live-set.ts";
export { type Plan, stagesOf } from "./plan/plan.ts";
export { reusableResult } from "./store/reuse.ts";
