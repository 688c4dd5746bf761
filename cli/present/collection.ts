import type { Collection } from "../../cache/index.ts";
import { counted, duration, size } from "../output/format.ts";

/** "frees 1.2 GB of 31 artifacts, 14 min 05 s to compute again; 800 MB stay" */
export function collectionText(
  { freed, bytes, seconds, left, fits }: Collection,
  isPreview: boolean,
): string {
  const verb = isPreview ? "frees" : "freed";
  const beyond = fits ? "" : ", more than the limit: all of it is pinned, in use or of the last runs";
  return (
    `${verb} ${size(bytes)} of ${counted(freed.length, "artifact")}, ` +
    `${duration(seconds)} to compute again; ${size(left)} ${isPreview ? "would stay" : "stay"}${beyond}`
  );
}
