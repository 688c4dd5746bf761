import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Fingerprint, fingerprintsOf, recordFingerprints, type Stage } from "../../pipeline/index.ts";
import { stages } from "../../stages/registry.ts";

const root = new URL("../..", import.meta.url);
const record = new URL("stages/fingerprints.json", root);

/** One module a stage, named by its id: as written where this is run from source, as built where it was built. */
const modulesOf = (stages: readonly Pick<Stage, "id">[]) =>
  Object.fromEntries(
    stages.map(({ id }) => [id, new URL(`stages/${id}${extname(fileURLToPath(import.meta.url))}`, root)]),
  );

/** The fingerprints of this program's stages: those on record while that is true, else computed anew. */
export const stageFingerprints = (
  all: readonly Pick<Stage, "id">[] = stages,
): Promise<(stage: Stage) => Fingerprint> => fingerprintsOf(modulesOf(all), { root, record });

/** Writes the record: `npm run build`. */
export const recordStages = (): Promise<void> => recordFingerprints(modulesOf(stages), record);
