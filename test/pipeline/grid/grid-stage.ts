import {
  type Artifact,
  type Json,
  type LabelledArray,
  type Schema,
  type Stage,
  Transient,
} from "../../../pipeline/index.ts";
import type { Num } from "../../support/harness.ts";

export interface Params {
  readonly a: number;
  readonly inner: { readonly b: number; readonly c?: number };
}
export type Made = Artifact<{ pair: LabelledArray<Float64Array> }, { sum: number }>;
export type Pairs = Stage<Params, { readonly x: Num }, Made>;

/** Refuses what is no number. */
const schema: Schema<Params> = {
  parse(value) {
    const { a, inner } = value as Params;
    if (typeof a !== "number") throw new TypeError(`a must be a number, not ${JSON.stringify(a)}`);
    if (typeof inner?.b !== "number")
      throw new TypeError(`inner.b must be a number, not ${JSON.stringify(inner?.b)}`);
    return value as Params;
  },
};

/** What the stage makes of one point. */
export function madeOf({ a, inner }: Params, x: number): Made {
  const pair = { data: Float64Array.of(a, inner.b), shape: [2], dims: ["which"], units: "mV" };
  return { arrays: { pair }, values: { sum: a + inner.b + (inner.c ?? 0) + x } };
}

/** A stage that writes down the points it computes. `before` may hold up or fail each of them. */
export function pairs(before: (params: Params) => unknown = () => {}) {
  const computed: Json[] = [];
  const typed: Pairs = {
    id: "pairs",
    params: schema,
    async run({ params, inputs }) {
      await before(params);
      computed.push([params.a, params.inner.b, inputs.x.values.n]);
      return madeOf(params, inputs.x.values.n);
    },
  };
  return { typed, stage: typed as unknown as Stage, computed };
}

/** Fails in passing at each point so many times. */
export function passing(times: number): (params: Params) => void {
  const tries = new Map<string, number>();
  return (params) => {
    const point = JSON.stringify(params);
    const tried = (tries.get(point) ?? 0) + 1;
    tries.set(point, tried);
    if (tried <= times) throw new Transient("not yet");
  };
}
