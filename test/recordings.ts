import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { recordingNames } from "../data/recording-name.ts";
import type { RecordingFile } from "../stages/cortex.ts";
import { hasShared, shared } from "./golden.ts";

const folder = join(shared, "recordings");
const paths = hasShared
  ? readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".mat"))
      .sort()
      .map((file) => join(folder, file))
  : [];

/** The authors' twelve recordings; none where there is no shared material. */
export const authorsRecordings: readonly RecordingFile[] = recordingNames(paths).map((name, index) => ({
  name,
  file: basename(paths[index]!),
  read: async () => new Uint8Array(readFileSync(paths[index]!)),
}));
