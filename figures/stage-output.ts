/** What the stages of the pipeline make, in the form that figures take. */
type Runs = { run(context: never): Promise<unknown> };
type ParamsOf<S extends Runs> = Parameters<S["run"]>[0] extends { readonly params: infer P } ? P : never;

/** An artifact, and the parameters of its stage, which captions state. */
export interface StageOutput<A = unknown, P = unknown> {
  readonly artifact: A;
  readonly params: P;
}

/** The same for a known stage: `OutputOf<typeof ringTrial>`. */
export type OutputOf<S extends Runs> = StageOutput<Awaited<ReturnType<S["run"]>>, ParamsOf<S>>;

/** Everything that was made, by the name of the node: "ring-trial/baseline". */
export type Results = ReadonlyMap<string, StageOutput>;
