/** What worker threads of the command line load: the pipeline's stages, on the cache whose folder they are given. */
import { openStore } from "../cache/index.ts";
import { thread } from "../pipeline/index.ts";
import { stages } from "../stages/registry.ts";
import { stageFingerprints } from "./build/fingerprints.ts";

export default thread(
  stages,
  (cache: string) => openStore(cache),
  () => stageFingerprints(),
);
