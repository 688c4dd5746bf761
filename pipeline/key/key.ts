import type { Json } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";
import { hash } from "../artifact/hash.ts";
import { type Axis, type Points, textsOf } from "../graph/axis.ts";
import type { Stage } from "../graph/stage.ts";

/** The version of a stage's code: what else than parameters and inputs decides what it computes. */
export interface Fingerprint {
  /** Hash of all the code that the stage reaches, its own and imported. */
  readonly code: string;
  /** Hash of the compiled kernels (WebAssembly), where the stage reaches any. */
  readonly kernels?: string;
  /** Versions of the packages that the code reaches, and of those that they depend on. */
  readonly packages?: Readonly<Record<string, string>>;
  /** The files that `code` was made of, with the hash of what is reached in each: to tell which changed; no part of keys. */
  readonly files?: Readonly<Record<string, string>>;
}

/** All that a result depends on, readable. The key is its hash; "why did it run?" is a diff of two of them. */
export interface PreImage extends Omit<Fingerprint, "files"> {
  /** The node's name. */
  readonly stage: string;
  readonly params: Json;
  /** Of a grid: what varies in it. */
  readonly axes?: readonly Axis[];
  /** Of a chunk of a grid: its points, each with one value an axis. */
  readonly points?: Points;
  /** Content hash of each input's artifact. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** The key of a result: BLAKE3 of the canonical pre-image, 64 hexadecimal digits. */
export const keyOf = (preImage: PreImage): string => hash(preImageText(preImage));

const HEAD = "mesoflow key 1\n";

/** The text that a key is the hash of: the pre-image in canonical form, of a grid with digests of its axes. */
export function preImageText({ packages = {}, axes, ...preImage }: PreImage): string {
  const whole = {
    ...preImage,
    // No package is no package, listed or not.
    ...(Object.keys(packages).length > 0 && { packages }),
    ...(axes && { axes: axes.map((axis) => ({ ...axis, values: digestOf(axis.values) })) }),
  };
  return `${HEAD}${canonical(whole as unknown as Json)}`;
}

/** The pre-image of such a text, unless it is a grid's. */
export function preImageOfText(text: string): PreImage {
  if (!text.startsWith(HEAD)) throw new TypeError("this text is no pre-image of this version");
  return JSON.parse(text.slice(HEAD.length)) as PreImage;
}

const digests = new WeakMap<readonly Json[], string>();

/** The hash of an axis: a grid that is placed once is looked up many times, and its axes may be long. */
function digestOf(values: readonly Json[]): string {
  const digest = digests.get(values) ?? hash(`[${textsOf(values)}]`);
  digests.set(values, digest);
  return digest;
}

/** What the points of grids must have in common to be the same: all but the axes' values. */
export function baseOf({ axes, points, inputs, ...shared }: PreImage): string {
  const names = (axes ?? points?.axes ?? []).map(({ name, of }) => ({ name, of }));
  const along = names.filter(({ of }) => of === "input").map(({ name }) => `${name}/`);
  const common = Object.entries(inputs).filter(([input]) => !along.some((axis) => input.startsWith(axis)));
  const base = { ...shared, inputs: Object.fromEntries(common), axes: names };
  return hash(`mesoflow grid 1\n${canonical(base as unknown as Json)}`);
}

/**
 * The fingerprint used where no better one is given: the text of `run` and `batch` alone. It misses the functions that
 * they call and the constants that they use: `fingerprintsOf` sees them.
 */
export const fingerprintOfText = (stage: Stage): Fingerprint => ({
  code: hash(`${stage.run}${stage.batch ?? ""}`),
});

/** Whether a pre-image was made with code of this fingerprint. */
export const sameCode = (preImage: PreImage, fingerprint: Fingerprint): boolean =>
  codeText(preImage) === codeText(fingerprint);

/** Names the version of a stage's code: 16 hexadecimal digits, of which equal ones mean that `sameCode` holds. */
export const codeVersion = (of: PreImage | Fingerprint): string => hash(codeText(of)).slice(0, 16);

const codeText = ({ code, kernels = "", packages = {} }: PreImage | Fingerprint): string =>
  canonical({ code, kernels, packages });
