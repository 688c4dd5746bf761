import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWhole } from "../../../cli/output/file-output.ts";

describe("a file that is written as a whole", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mesoflow-output-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);

  it("takes the place of the one before and keeps its permissions", async () => {
    writeFileSync(path("old"), "old");
    chmodSync(path("old"), 0o600);
    await writeWhole(path("old"), "new");
    expect(readFileSync(path("old"), "utf8")).toBe("new");
    expect(statSync(path("old")).mode & 0o777).toBe(0o600);
  });

  it("goes where a link leads", async () => {
    writeFileSync(path("target"), "old");
    symlinkSync(path("target"), path("link"));
    await writeWhole(path("link"), "new");
    expect(lstatSync(path("link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(path("target"), "utf8")).toBe("new");
  });

  it("is handed to a pipe, which stays one", { tags: ["process"] }, async () => {
    execFileSync("mkfifo", [path("pipe")]);
    const read = new Promise<string>((resolve, reject) => {
      import("node:fs").then(({ readFile }) =>
        readFile(path("pipe"), "utf8", (error, text) => (error ? reject(error) : resolve(text))),
      );
    });
    await writeWhole(path("pipe"), "through");
    expect(await read).toBe("through");
    expect(lstatSync(path("pipe")).isFIFO()).toBe(true);
  });

  it("is refused where it cannot be, and leaves nothing behind", async () => {
    mkdirSync(path("folder"));
    await expect(writeWhole(path("folder"), "x")).rejects.toThrow(/folder cannot be written: /);
    await expect(writeWhole(path("none/x"), "x")).rejects.toThrow(/none does not exist/);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
