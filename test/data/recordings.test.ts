import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readRecording } from "../../data/recording-file.ts";
import { writeRecording } from "../../data/recording-mat.ts";
import { recordingName, recordingNames, stimulusOf } from "../../data/recording-name.ts";
import { titled } from "../golden.ts";
import { hasScipy, python } from "./python.ts";
import { artifactOf, bitsOf, exportedCsv, exportedNpz } from "./recordings-made.ts";

const folder = fileURLToPath(new URL("../../../shared/recordings/", import.meta.url));
const hasRecordings = existsSync(folder);
const files = hasRecordings
  ? readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".mat"))
      .sort()
      .map((file) => folder + file)
  : [];
const recordings = files.map((file) => ({ file, ...readRecording(readFileSync(file), file) }));
/** `stim1` as it is stored, a fraction. */
const stored = ({ vsd }: { readonly vsd: Float64Array }) => vsd.map((permille) => permille / 1e3);

describe.skipIf(!hasRecordings)(titled("the recordings of the paper", hasRecordings, "../shared"), () => {
  it("are twelve, with names of their own and a stimulus each", () => {
    expect(recordingNames(files).map((name, index) => [name, stimulusOf(files[index]!)])).toEqual([
      ["wa071017b", { duration: 10, delay: 50 }],
      ["wa071017c", { duration: 10, delay: 50 }],
      ["wa071130", { duration: 10, delay: 20 }],
      ["wa080208", { duration: 100, delay: 50 }],
      ["wa080507_100100", { duration: 100, delay: 100 }],
      ["wa080507_5050", { duration: 50, delay: 50 }],
      ["wa080523", { duration: 50, delay: 50 }],
      ["br131023", { duration: 50, delay: 20 }],
      ["br131127", { duration: 10, delay: 20 }],
      ["br140206_10100", { duration: 10, delay: 100 }],
      ["br140206_50100", { duration: 50, delay: 100 }],
      ["br140220", { duration: 50, delay: 100 }],
    ]);
  });

  it("have the shapes, missing values and times that they have", () => {
    const summary = recordings.map(({ file, vsd, time, space }) => {
      const missing = vsd.filter(Number.isNaN).length;
      return [recordingName(file), space.length, time.length, missing, time[0], space.at(-1)];
    });
    expect(summary).toEqual([
      ["wa071017b", 179, 55, 0, -180, 10.08203125],
      ["wa071017c", 174, 55, 0, -180, 9.798828125],
      ["wa071130", 172, 55, 0, -150, 9.685546875],
      ["wa080208", 195, 77, 0, -270, 10.98828125],
      ["wa080507", 193, 66, 0, -320, 10.875],
      ["wa080507", 193, 66, 0, -220, 10.875],
      ["wa080523", 193, 66, 0, -209.09, 10.875],
      ["br131023", 153, 77, 0, -220, 8.609375],
      ["br131127", 141, 55, 0, -150, 7.9296875],
      ["br140206", 177, 77, 154, -219.09, 9.96875],
      ["br140206", 177, 77, 154, -259.09000000000003, 9.96875],
      ["br140220", 193, 77, 0, -269.999997317791, 10.875],
    ]);
  });

  it("come back from a file written here", () => {
    for (const { file, ...recording } of recordings) {
      const stim1 = stored(recording);
      const again = readRecording(writeRecording({ ...recording, stim1 }), file);
      expect(again).toEqual({ ...recording, vsd: stim1.map((fraction) => 1e3 * fraction) });
    }
  });

  it("come back from what is exported of them, bit for bit", () => {
    for (const { file, ...recording } of recordings) {
      const artifact = artifactOf(recording);
      for (const exported of [exportedNpz(artifact), exportedCsv(artifact)]) {
        expect(bitsOf(artifactOf(readRecording(exported, file)))).toEqual(bitsOf(artifact));
      }
    }
  });

  it.skipIf(!hasScipy)(
    titled("are what scipy reads, to the last bit", hasScipy, "python3 with scipy"),
    { tags: ["process"] },
    () => {
      const read = `
import hashlib, json, sys, numpy as np, scipy.io
def digest(a): return hashlib.sha256(np.ascontiguousarray(a, "<f8").tobytes()).hexdigest()
def tell(path):
    r = scipy.io.loadmat(path)["matNL"][0, 0]
    return [digest(a) for a in [1000 * r["stim1"], r["time"], r["space"]]]
print(json.dumps([tell(path) for path in sys.argv[1:]]))`;
      const digests = recordings.map(({ vsd, time, space }) => [vsd, time, space].map(digest));
      expect(digests).toEqual(JSON.parse(python(read, ...files)));
    },
  );
});

function digest(data: Float64Array): string {
  return createHash("sha256").update(data).digest("hex");
}
