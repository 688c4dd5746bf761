import type { Json } from "./artifact.ts";

/** Dotted paths to the values inside a parameter object: "ring.v_c". Lists count as values. */
export type Path<P> = P extends Value
  ? never
  : { [K in keyof P & string]: K | `${K}.${Path<NonNullable<P[K]>>}` }[keyof P & string];

/** What stands at a path. */
export type At<P, K> = K extends keyof P
  ? P[K]
  : K extends `${infer First}.${infer Rest}`
    ? First extends keyof P
      ? At<NonNullable<P[First]>, Rest>
      : never
    : never;

/** The same object with anything in it left out. */
export type Partly<P> = P extends readonly unknown[] | string | number | boolean | null
  ? P
  : { readonly [K in keyof P]?: Partly<P[K]> };

/** What has no parameters inside it: lists count as values. */
type Value = readonly unknown[] | string | number | boolean | null | undefined;

/** An object without what stands at the paths K; what becomes empty may be left out, the rest is complete. */
export type Without<P, K> = unknown extends P
  ? unknown
  : P extends Value
    ? P
    : { readonly [N in keyof P as N extends K | Emptied<P, K> ? never : N]: Inside<P, N, K> } & {
        readonly [N in Exclude<Emptied<P, K>, K>]?: Inside<P, N, K>;
      };
/** What is left of a property; where no path leads into it, the property as it is. */
type Inside<P, N extends keyof P, K> = [Below<N, K>] extends [never] ? P[N] : Without<P[N], Below<N, K>>;
/** The paths inside a property. */
type Below<N, K> = K extends `${N & string}.${infer Rest}` ? Rest : never;
/** Properties into which paths lead and in which nothing is left that must be given. */
type Emptied<P, K> = {
  [N in keyof P]-?: [Below<N, K>] extends [never]
    ? never
    : Record<never, never> extends Without<P[N], Below<N, K>>
      ? N
      : never;
}[keyof P];

/** The paths of all values that each of several objects has for certain. */
export type Leaves<U> = {
  [K in keyof U & string]: Record<never, never> extends Pick<U, K>
    ? never
    : [U[K]] extends [Value]
      ? K
      : `${K}.${Leaves<U[K]>}`;
}[keyof U & string];

export const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a path of an object, if anything does. */
export function valueAt(object: Json, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const name of path.split(".")) {
    value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** A copy of an object in which another value, or none, stands at a path; what is not on the way is shared. */
export function withValueAt(object: Json, path: string, value: Json | undefined): Json {
  const dot = path.indexOf(".");
  const name = dot < 0 ? path : path.slice(0, dot);
  const { [name]: inner, ...others } = isRecord(object) ? object : {};
  const replaced = dot < 0 ? value : withValueAt(inner ?? {}, path.slice(dot + 1), value);
  return replaced === undefined ? others : { ...others, [name]: replaced };
}

/** A copy of `under` with all values of `over` in their places. */
export function merged(under: Json, over: Json): Json {
  if (!isRecord(under) || !isRecord(over)) return over;
  const entries = Object.entries(over).map(([name, value]) => {
    const known = Object.hasOwn(under, name) ? under[name] : undefined;
    return [name, known === undefined ? value : merged(known, value)] as const;
  });
  return { ...under, ...Object.fromEntries(entries) };
}
