/** What of a store a run may yet read: no collection frees it meanwhile. */
export interface LiveSet {
  /** Keys of results, there or still to come. */
  readonly keys: readonly string[];
  /** Content hashes of artifacts. */
  readonly contents: readonly string[];
  /** Nodes of which any result may be used: their keys are not known yet, or they are grids that lack points. */
  readonly stages: readonly string[];
}
