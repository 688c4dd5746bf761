import { type Artifact, type Json, type Store, StoreError } from "../pipeline/index.ts";
import { canonical, isError, reusableResult } from "../pipeline/inspect.ts";
import type {
  Claim,
  CommitOptions,
  Damage,
  LastKeys,
  LeaseHolder,
  LiveSet,
  Result,
  StoredResult,
  StoreStats,
} from "../pipeline/testing.ts";
import { blobsOf, decode, type Encoded, encode } from "./codec.ts";
import { secondsOfComputing } from "./costs.ts";
import { Leases } from "./leases.ts";
import { acquit, isolate } from "./quarantine.ts";
import { Retentions } from "./retentions.ts";
import { partRow } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** The store's whole behaviour, over tables that live in memory or in a folder. */
export class LocalStore implements Store {
  readonly tables: Tables;
  /** @internal */
  readonly leases: Leases;
  /** @internal */
  readonly retentions: Retentions;
  readonly now: () => number;

  /**
   * A store over tables of any kind; `openStore` and `memoryStore` have their own.
   *
   * @param now the clock by which leases run and damage is dated, ms since 1970; one for all who share the tables
   */
  constructor(tables: Tables, now: () => number = Date.now) {
    this.tables = tables;
    this.now = now;
    this.leases = new Leases(tables.leases, now);
    this.retentions = new Retentions(tables.tenants, now);
  }

  identify(artifact: Artifact): string {
    return encode(artifact).content;
  }

  async save(artifact: Artifact): Promise<string> {
    const encoded = encode(artifact);
    if (!this.#lacks(encoded)) return encoded.content;
    this.tables.transaction(() => this.#write(encoded));
    return encoded.content;
  }

  async load(content: string): Promise<Artifact> {
    try {
      return this.#decode(content);
    } catch (thrown) {
      if (isError(thrown, StoreError)) throw thrown;
      return this.#inspect(content, thrown as Error);
    }
  }

  has(content: string): boolean {
    return this.tables.artifacts.has(content);
  }

  damage(content: string): Damage | undefined {
    return parse<Damage>(this.tables.quarantine.get(content));
  }

  result(key: string): Result | undefined {
    return parse<Result>(this.tables.results.get(key));
  }

  lookup(key: string): string | undefined {
    const text = this.tables.results.get(key);
    if (text === undefined) return undefined;
    // Plans ask this by the hundred thousand: the canonical text has its content right behind its date.
    const content =
      /^{"at":"[^"\\]*","content":"([0-9a-f]{64})"/.exec(text)?.[1] ?? parse<Result>(text).content;
    return this.has(content) ? content : undefined;
  }

  async commit(
    made: Omit<Result, "content">,
    artifact: Artifact,
    { owner, replace = false }: CommitOptions = {},
  ): Promise<Result> {
    const encoded = encode(artifact);
    const { content } = encoded;
    const result: Result = { ...made, content };
    const { key, preImage } = result;
    const text = canonical(result as unknown as Json);
    return this.tables.transaction(() => {
      const known = this.lookup(key);
      const kept = owner === undefined || this.leases.isOf(key, owner);
      if (owner) this.leases.end(key, owner);
      if (result.partOf === undefined) this.#note(preImage.stage, key);
      else this.tables.parts.put(partRow(result.partOf, key), "");
      if (known === undefined || known === content || (replace && kept)) this.#write(encoded);
      if (known !== undefined && !(replace && kept)) return this.result(key)!;
      this.tables.results.put(key, text);
      return result;
    });
  }

  parts(base: string): string[] {
    const prefix = partRow(base, "");
    return this.tables.parts.keys(prefix).map((row) => row.slice(prefix.length));
  }

  filesOf(code: string): Readonly<Record<string, string>> | undefined {
    return parse<Record<string, string>>(this.tables.codes.get(code));
  }

  lastKeys(name: string): LastKeys | undefined {
    return parse<LastKeys>(this.tables.trails.get(name));
  }

  async recordLastKeys(keys: ReadonlyMap<string, string>): Promise<void> {
    const fresh = [...keys].filter(([name, key]) => this.lastKeys(name)?.key !== key);
    if (fresh.length === 0) return;
    this.tables.transaction(() => {
      for (const [name, key] of fresh) this.#note(name, key);
    });
  }

  async claim(key: string, owner: LeaseHolder, recompute = false): Promise<Claim> {
    return this.tables.transaction((): Claim => {
      const result = reusableResult(this, { key, recompute });
      if (result) return { state: "known", result };
      const holder = this.leases.holder(key);
      if (holder && holder.id !== owner.id) return { state: "held", owner: holder };
      this.leases.grant(key, owner);
      return { state: "owned" };
    });
  }

  async renew(key: string, owner: LeaseHolder): Promise<boolean> {
    return this.tables.transaction(() => {
      const kept = this.leases.isOf(key, owner);
      if (kept) this.leases.grant(key, owner);
      return kept;
    });
  }

  async releaseLease(key: string, owner: LeaseHolder): Promise<void> {
    this.tables.transaction(() => this.leases.end(key, owner));
  }

  holder(key: string): LeaseHolder | undefined {
    return this.leases.holder(key);
  }

  async retain(owner: LeaseHolder, need?: LiveSet): Promise<void> {
    this.tables.transaction(() => {
      if (need) this.retentions.retain(owner, need);
      else this.retentions.renew(owner);
    });
  }

  async release(owner: LeaseHolder): Promise<void> {
    this.tables.transaction(() => this.retentions.release(owner));
  }

  entries(): StoredResult[] {
    return this.tables.results.values().map((text) => {
      const result = parse<Result>(text);
      const manifest = this.tables.artifacts.get(result.content);
      return { ...result, bytes: manifest === undefined ? 0 : bytesOf([manifest]) };
    });
  }

  stats(): StoreStats {
    const manifests = this.tables.artifacts.values();
    const all = this.tables.results.values().map((text) => parse<Result>(text));
    const chunks = all.filter(({ partOf }) => partOf !== undefined).length;
    return {
      results: all.length - chunks,
      chunks,
      artifacts: manifests.length,
      bytes: bytesOf(manifests),
      allocated: this.tables.allocated(),
      seconds: secondsOfComputing(all),
    };
  }

  close(): Promise<void> {
    return this.tables.close();
  }

  /** Notes a node's key. Called inside a transaction. */
  #note(name: string, key: string): void {
    const last = this.lastKeys(name);
    if (last?.key === key) return;
    const trail: LastKeys = last ? { key, previous: last.key } : { key };
    this.tables.trails.put(name, canonical({ ...trail }));
  }

  #lacks({ content, manifest, blobs }: Encoded): boolean {
    const { artifacts } = this.tables;
    return (
      artifacts.get(content) !== manifest || [...blobs].some(([hash, bytes]) => !this.#holds(hash, bytes))
    );
  }

  /** What is there is compared, not trusted. */
  #holds(hash: string, bytes: Uint8Array): boolean {
    const stored = this.tables.blobs.get(hash);
    return stored !== undefined && Buffer.compare(stored, bytes) === 0;
  }

  /** Writes what the tables lack of an artifact. Called inside a transaction. */
  #write(encoded: Encoded): void {
    const { content, manifest, blobs } = encoded;
    for (const [hash, bytes] of blobs) if (!this.#holds(hash, bytes)) this.tables.blobs.put(hash, bytes);
    if (this.tables.artifacts.get(content) !== manifest) this.tables.artifacts.put(content, manifest);
    acquit(this.tables, encoded);
  }

  /** @throws StoreError where there is no such artifact, Error where it is damaged */
  #decode(content: string): Artifact {
    const manifest = this.tables.artifacts.get(content);
    if (manifest === undefined) throw this.#lost(content, this.damage(content)?.what);
    return decode(content, manifest, (hash) => this.tables.blobs.get(hash));
  }

  /** Looks again where nobody can write meanwhile, as another process may have healed it, and isolates it. */
  #inspect(content: string, { message }: Error): Artifact {
    const lost = this.#lost(content, message);
    let healed: Artifact | undefined;
    try {
      healed = this.tables.transaction(() => {
        try {
          return this.#decode(content);
        } catch {
          if (this.has(content)) isolate(this.tables, content, message, new Date(this.now()).toISOString());
          return undefined;
        }
      });
    } catch {
      throw lost; // a store that cannot be written keeps what is damaged, but does not serve it
    }
    if (!healed) throw lost;
    return healed;
  }

  #lost(content: string, damage?: string): StoreError {
    const maker = this.tables.results
      .values()
      .find((text) => text.includes(content) && parse<Result>(text).content === content);
    const stage = maker && parse<Result>(maker).preImage.stage;
    return new StoreError(
      `The artifact ${content}${stage ? ` of ${stage}` : ""} ${damage ? `is damaged: ${damage}` : "is not in the cache"}.`,
      { fault: { what: "artifact", content, ...(stage !== undefined && { stage }) } },
    );
  }
}

/** Bytes of the manifests and of all distinct blobs they refer to. */
function bytesOf(manifests: readonly string[]): number {
  const blobs = new Map(manifests.flatMap((manifest) => [...blobsOf(manifest)]));
  const texts = manifests.reduce((sum, manifest) => sum + Buffer.byteLength(manifest), 0);
  return [...blobs.values()].reduce((sum, length) => sum + length, texts);
}

function parse<T>(text: string): T;
function parse<T>(text: string | undefined): T | undefined;
function parse<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    throw new StoreError("The cache is damaged: one of its entries is no JSON.", {
      fault: { what: "entry" },
    });
  }
}
