/** What the stages of the pipeline make, as figures take it. */
type Runs = { run(context: never): Promise<unknown> };
type ParamsOf<S extends Runs> = Parameters<S["run"]>[0] extends { readonly params: infer P } ? P : never;

/** What a stage made, and the parameters it made it with, which captions state. */
export interface Made<A = unknown, P = unknown> {
  readonly artifact: A;
  readonly params: P;
}

/** The same of a stage that is known: `MadeBy<typeof ringTrial>`. */
export type MadeBy<S extends Runs> = Made<Awaited<ReturnType<S["run"]>>, ParamsOf<S>>;

/** Everything that was made, by the names of the places: "ring-trial/baseline". */
export type Results = ReadonlyMap<string, Made>;
