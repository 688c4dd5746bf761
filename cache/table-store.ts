import {
  type Artifact,
  canonical,
  type Entry,
  type Json,
  type Result,
  type Store,
  StoreError,
  type StoreStats,
  type Trail,
} from "../pipeline/index.ts";
import { blobsOf, decode, encode } from "./codec.ts";
import type { Tables } from "./tables.ts";

/** The store's whole behaviour, over tables that live in memory or in a folder. */
export class TableStore implements Store {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  identify(artifact: Artifact): string {
    return encode(artifact).content;
  }

  async save(artifact: Artifact): Promise<string> {
    const { artifacts, blobs } = this.#tables;
    const { content, manifest, blobs: encoded } = encode(artifact);
    // What is there is compared, not trusted: saving the artifact once more heals damaged bytes.
    const lacking = () => [...encoded].filter(([hash, bytes]) => !equal(blobs.get(hash), bytes));
    if (artifacts.get(content) === manifest && lacking().length === 0) return content;
    this.#tables.transaction(() => {
      for (const [hash, bytes] of lacking()) blobs.put(hash, bytes);
      artifacts.put(content, manifest);
    });
    return content;
  }

  async load(content: string): Promise<Artifact> {
    const manifest = this.#tables.artifacts.get(content);
    if (manifest === undefined) throw this.#lost(content, "is not in the cache");
    try {
      return decode(content, manifest, (hash) => this.#tables.blobs.get(hash));
    } catch (thrown) {
      if (thrown instanceof StoreError) throw thrown;
      throw this.#lost(content, `is damaged: ${(thrown as Error).message}`);
    }
  }

  has(content: string): boolean {
    return this.#tables.artifacts.get(content) !== undefined;
  }

  result(key: string): Result | undefined {
    const text = this.#tables.results.get(key);
    return text === undefined ? undefined : parse<Result>(text);
  }

  async record(result: Result): Promise<void> {
    this.#tables.transaction(() => {
      if (!this.has(result.content)) {
        throw new StoreError(
          `The result of ${result.preImage.stage} cannot be recorded: its artifact ${result.content} is not in the cache.`,
        );
      }
      this.#tables.results.put(result.key, canonical(result as unknown as Json));
    });
  }

  trail(name: string): Trail | undefined {
    const text = this.#tables.trails.get(name);
    return text === undefined ? undefined : parse<Trail>(text);
  }

  async follow(name: string, key: string): Promise<void> {
    if (this.trail(name)?.key === key) return;
    this.#tables.transaction(() => {
      const last = this.trail(name);
      if (last?.key === key) return; // another process was quicker
      const trail: Trail = last ? { key, previous: last.key } : { key };
      this.#tables.trails.put(name, canonical({ ...trail }));
    });
  }

  entries(): Entry[] {
    return Array.from(this.#tables.results.values(), (text) => {
      const result = parse<Result>(text);
      const manifest = this.#tables.artifacts.get(result.content);
      return { ...result, bytes: manifest === undefined ? 0 : bytesOf([manifest]) };
    });
  }

  stats(): StoreStats {
    const { results, artifacts } = this.#tables;
    const manifests = [...artifacts.values()];
    const seconds = Array.from(results.values(), (text) => parse<Result>(text).seconds);
    return {
      results: seconds.length,
      artifacts: manifests.length,
      bytes: bytesOf(manifests),
      allocated: this.#tables.allocated(),
      seconds: seconds.reduce((sum, each) => sum + each, 0),
    };
  }

  close(): Promise<void> {
    return this.#tables.close();
  }

  #lost(content: string, what: string): StoreError {
    const maker = this.entries().find((entry) => entry.content === content)?.preImage.stage;
    return new StoreError(
      `The artifact ${content}${maker ? ` of ${maker}` : ""} ${what}; ` +
        `have it computed again with mesoflow run --force ${maker ?? "<stage>"}.`,
    );
  }
}

/** Bytes of the manifests and of all distinct blobs they refer to. */
function bytesOf(manifests: readonly string[]): number {
  const blobs = new Map(manifests.flatMap((manifest) => [...blobsOf(manifest)]));
  const texts = manifests.reduce((sum, manifest) => sum + Buffer.byteLength(manifest), 0);
  return [...blobs.values()].reduce((sum, length) => sum + length, texts);
}

function equal(stored: Uint8Array | undefined, bytes: Uint8Array): boolean {
  return stored !== undefined && Buffer.compare(stored, bytes) === 0;
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new StoreError(
      "The cache is damaged: one of its entries is no JSON; clear it with mesoflow cache clear.",
    );
  }
}
