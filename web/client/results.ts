import type { StageOutput } from "../../figures/stage-output.ts";
import type { Artifact } from "../../pipeline/artifact/artifact.ts";
import type { StageState } from "../protocol.ts";
import { artifactOf, paramsOf } from "./api.ts";
import { lru } from "./lru.ts";

/** Artifacts that may stay in memory, bytes. */
const most = 200e6;

const artifacts = lru<Promise<Artifact>>(most);
const params = lru<Promise<unknown>>(2000);

/** The artifact of a content: at once where it was seen not long ago. */
export function artifact(content: string): Promise<Artifact> {
  return remembered(
    artifacts,
    content,
    () => artifactOf(content),
    (made) => Object.values(made.arrays).reduce((sum, { data }) => sum + data.byteLength, 1000),
  );
}

/** What a stage made, with the parameters it was made with. */
export async function made({ key, content }: StageState): Promise<StageOutput | undefined> {
  if (key === undefined || content === undefined) return undefined;
  const [its, made] = await Promise.all([
    remembered(
      params,
      key,
      () => paramsOf(key),
      () => 1,
    ),
    artifact(content),
  ]);
  return { artifact: made, params: its };
}

function remembered<T>(
  cache: ReturnType<typeof lru<Promise<T>>>,
  name: string,
  ask: () => Promise<T>,
  sizeOf: (value: T) => number,
): Promise<T> {
  const known = cache.get(name);
  if (known) return known;
  const asked = ask();
  cache.set(name, asked, 0); // who asks meanwhile waits for the same answer
  asked.then(
    (value) => cache.set(name, asked, sizeOf(value)),
    () => cache.drop(name),
  );
  return asked;
}
