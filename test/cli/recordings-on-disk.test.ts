import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { RecordingsOnDisk } from "../../cli/watch/recordings-on-disk.ts";
import { hash } from "../../pipeline/inspect.ts";

const folder = mkdtempSync(join(tmpdir(), "mesoflow-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a file that is written piece by piece is read when it has stayed as it is", async () => {
  const path = join(folder, "a.mat");
  const pieces = ["a", "ab", "abc", "abcd"];
  const next = () => writeFileSync(path, pieces.shift()!);
  next();
  let rests = 0;
  const disk = new RecordingsOnDisk(async () => {
    rests += 1;
    if (pieces.length > 0) next();
  });
  const { signal } = new AbortController();
  expect(await disk.contents([path], signal)).toEqual(new Map([[path, hash("abcd")]]));
  expect(rests).toBe(4);
  // What is known is not waited for again.
  expect(await disk.contents([path], signal)).toEqual(new Map([[path, hash("abcd")]]));
  expect(rests).toBe(4);
});
