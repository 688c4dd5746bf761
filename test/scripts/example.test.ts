import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { exampleRecording } from "../../data/example.ts";
import { readRecording } from "../../data/recording-file.ts";
import { exampleBytes } from "../../scripts/example.ts";

const bundled = readFileSync(exampleRecording);

it("the bundled recording is what the project generates, to the byte", async () => {
  expect(Buffer.compare(bundled, await exampleBytes())).toBe(0);
});

it("has the checksum that its provenance states", () => {
  const stated = readFileSync(new URL("README.md", new URL(".", exampleRecording)), "utf8");
  expect(stated).toContain(createHash("sha256").update(bundled).digest("hex"));
});

it("looks like the authors' recordings to the reader", () => {
  const { vsd, time, space } = readRecording(bundled, "example.mat");
  expect([space.length, time.length]).toEqual([193, 66]);
  expect(time[1]! - time[0]!).toBeCloseTo(9.09, 10);
  const before = vsd.filter((_, k) => time[k % time.length]! < -100);
  const sd = Math.sqrt(before.reduce((sum, value) => sum + value * value, 0) / before.length);
  expect(sd).toBeGreaterThan(0.097);
  expect(sd).toBeLessThan(0.103);
});
