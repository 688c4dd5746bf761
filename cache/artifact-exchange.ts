import { type ArtifactExchange, Missing } from "../pipeline/executors.ts";
import type { Artifact } from "../pipeline/index.ts";
import { hash } from "../pipeline/inspect.ts";
import { type BlobStore, pack, unpack } from "./blob-store.ts";
import { blobsOf, decode, encode } from "./codec.ts";

/** Artifacts and texts as blobs: a manifest under its content hash and arrays under theirs, as stores have them. */
export function artifactExchange(blobs: BlobStore): ArtifactExchange {
  const put = async (plain: Iterable<readonly [string, Uint8Array]>): Promise<void> => {
    const packed = [...plain].map(async ([name, bytes]) => [name, await pack(bytes)] as const);
    await blobs.put(new Map(await Promise.all(packed)));
  };
  /** Checked; what is damaged is taken out, and missing. */
  const get = async (hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> => {
    const found = await blobs.get(hashes);
    const checked = [...found].map(async ([name, packed]) => {
      const bytes = await unpack(packed, name);
      if (!bytes) await blobs.drop(name);
      return bytes ? [[name, bytes] as const] : [];
    });
    return new Map((await Promise.all(checked)).flat());
  };
  const text = async (name: string): Promise<string> => {
    const bytes = (await get([name])).get(name);
    if (!bytes) throw new Missing(name);
    return Buffer.from(bytes).toString();
  };
  return {
    identity: () => blobs.identity(),
    text,
    putText: (content) => put([[hash(content), Buffer.from(content)]]),
    async put(artifact) {
      const { content, manifest, blobs: arrays } = encode(artifact);
      await put([...arrays, [content, Buffer.from(manifest)]]);
    },
    async artifact(content): Promise<Artifact> {
      const manifest = await text(content);
      const wanted = [...blobsOf(manifest).keys()];
      const arrays = await get(wanted);
      if (arrays.size < wanted.length) throw new Missing(content);
      return decode(content, manifest, (name) => arrays.get(name));
    },
    close: () => blobs.close(),
  };
}
