/** What worker threads of the command line load: the pipeline's stages, on the cache whose folder they are given. */
import { openStore } from "../../cache/index.ts";
import { serveThread } from "../../pipeline/executors.ts";
import { stages } from "../../stages/registry.ts";
import { stageFingerprints } from "./stage-fingerprints.ts";

export default serveThread(
  stages,
  (cache: string) => openStore(cache),
  () => stageFingerprints(),
);
