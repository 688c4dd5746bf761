import { badInputOf } from "../errors.ts";
import { bundled } from "./bundle.ts";
import { declarationsOf } from "./declarations.ts";
import type { Codes, Export } from "./record.ts";
import { stageCodeOf } from "./stage-code.ts";
import { sentencesOf } from "./suppressions.ts";

/**
 * The codes of stages, by their ids.
 *
 * @throws BadInput where code cannot be read or has faults that nobody vouches for
 */
export async function codesOf(exports: Readonly<Record<string, Export>>): Promise<Codes> {
  const files = [...new Set(Object.values(exports).map(({ file }) => file))];
  if (files.length === 0) return { stages: {}, read: {} };
  const made = await bundled(files);
  const parts = made.bundles.map(declarationsOf);
  const codes = Object.entries(exports).map(
    ([id, of]) => [id, stageCodeOf(of, parts[files.indexOf(of.file)]!, made)] as const,
  );
  const sentences = sentencesOf(
    codes.map(([id, { faults }]) => [id, faults] as const),
    made.sources,
  );
  if (sentences.length > 0) throw badInputOf(sentences);
  return {
    stages: Object.fromEntries(codes.map(([id, { faults: _, named: __, ...code }]) => [id, code])),
    read: Object.assign(
      Object.fromEntries([...made.sources].map(([path, { hash }]) => [path, hash])),
      ...codes.map(([, { named }]) => named),
    ),
  };
}
