import { readFile, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { BadInput } from "../../pipeline/errors.ts";
import { hash } from "../../pipeline/inspect.ts";
import { reasonOf } from "../output/system-error.ts";

/** How long a file that has changed must stay as it is before it counts as written, ms. */
const REST = 250;

/** A file that was last changed so long ago is no longer being written, ms. */
const OLD = 2_000;

/** A file's size and times in one text. */
interface Stamp {
  readonly text: string;
  readonly isOld: boolean;
}

/** What files hold, known by size and times as long as these stay. */
export class RecordingsOnDisk {
  readonly #known = new Map<string, { readonly stamp: string; readonly content: string }>();
  readonly #rest: (signal: AbortSignal) => Promise<unknown>;

  /** @param rest resolves when a file that has not changed since counts as written; tests have another */
  constructor(rest = (signal: AbortSignal): Promise<unknown> => setTimeout(REST, undefined, { signal })) {
    this.#rest = rest;
  }

  /**
   * Hashes of the files' bytes, by path, once all that have changed are no longer being written.
   *
   * @throws BadInput where a file cannot be read
   */
  async contents(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const stamps = await this.#rested(paths, signal);
    for (const [path, { text: stamp }] of stamps) {
      if (this.#known.get(path)?.stamp === stamp) continue;
      this.#known.set(path, { stamp, content: hash(await readFile(path).catch(refused(path))) });
    }
    return new Map(paths.map((path) => [path, this.#known.get(path)!.content]));
  }

  /** Of all files, when those that have changed have stayed the same for a while. */
  async #rested(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Stamp>> {
    const isWritten = (path: string, { text, isOld }: Stamp) =>
      isOld || this.#known.get(path)?.stamp === text;
    let before = await stampsOf(paths);
    for (;;) {
      if (paths.every((path) => isWritten(path, before.get(path)!))) return before;
      await this.#rest(signal);
      const now = await stampsOf(paths);
      if (paths.every((path) => now.get(path)!.text === before.get(path)!.text)) return now;
      before = now;
    }
  }
}

async function stampsOf(paths: readonly string[]): Promise<ReadonlyMap<string, Stamp>> {
  const stamp = async (path: string) => {
    const { size, mtimeNs, ctimeNs, ino, mtimeMs, ctimeMs } = await stat(path, { bigint: true }).catch(
      refused(path),
    );
    const changed = Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs);
    const isOld = Date.now() - changed > OLD;
    return [path, { text: [size, mtimeNs, ctimeNs, ino].join(), isOld }] as const;
  };
  return new Map(await Promise.all(paths.map(stamp)));
}

const refused = (path: string) => (thrown: unknown) => {
  throw new BadInput(`The recording ${path} cannot be read: ${reasonOf(thrown)}.`);
};
