import type { Json } from "./artifact.ts";

/** Dotted paths to the values inside a parameter object: "ring.v_c". Lists count as values. */
export type Path<P> = P extends readonly unknown[] | string | number | boolean | null | undefined
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
