import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A reference output; test/golden/README.md says where each comes from. */
// biome-ignore lint/suspicious/noExplicitAny: the files' forms are told by the tests that read them
export const golden = (name: string): any =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8"));

/** The folder of shared material beside the checkout, where there is one. */
export const shared = fileURLToPath(new URL("../../shared/", import.meta.url));
export const hasShared = existsSync(shared);

/** A test's title, saying why it is skipped where it is. */
export const titled = (title: string, isMet: boolean, need: string): string =>
  isMet ? title : `${title} (skipped: needs ${need})`;

/** Largest |a − b| / |b| over two lists; equal entries count 0. */
export function relative(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let worst = got.length === want.length ? 0 : Number.NaN;
  for (let k = 0; k < want.length; k++) {
    if (got[k] !== want[k]) worst = Math.max(worst, Math.abs(got[k]! - want[k]!) / Math.abs(want[k]!));
  }
  return worst;
}
