import { copyFileSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { fingerprintsOf, recordFingerprints } from "../../../pipeline/index.ts";
import { edited, fingerprints, project, toyModules, toys, wasmGiving, write } from "./project.ts";

describe("fingerprints on record", () => {
  let folder: string;
  let record: string;
  const modules = () => Object.fromEntries(toyModules.map((name) => [name, join(folder, name)]));
  const read = async () => {
    const of = await fingerprintsOf(modules(), { root: folder, record });
    return toyModules.map((id) => of({ id }));
  };
  beforeEach(async () => {
    folder = project(toys);
    record = join(folder, "build/fingerprints.json");
    write(folder, { "build/README": "" });
    await recordFingerprints(modules(), record);
  });

  /** Writes another code into the record, by which it is known where a fingerprint comes from. */
  function mark(): void {
    const held = JSON.parse(readFileSync(record, "utf8"));
    for (const stage of Object.values<{ code: string }>(held.stages)) stage.code = "from the record";
    writeFileSync(record, JSON.stringify(held));
  }

  it("are those that are computed", async () => {
    expect(await read()).toEqual(await fingerprints(toys, toyModules));
  });

  it("are believed while every file is what it was, and are nowhere near the files' paths", async () => {
    mark();
    expect((await read()).map(({ code }) => code)).toEqual(toyModules.map(() => "from the record"));
    // The same project at another place, as a package is once it is installed.
    const files = Object.keys(toys);
    const before = folder;
    folder = project(toys);
    write(folder, { "build/README": "" });
    for (const name of [...files, "build/fingerprints.json"])
      copyFileSync(join(before, name), join(folder, name));
    record = join(folder, "build/fingerprints.json");
    expect((await read()).map(({ code }) => code)).toEqual(toyModules.map(() => "from the record"));
  });

  it.each([
    ["a file three imports away", "third.js", "41", "42"],
    ["a stage's module", "stages/near.js", "scaled + offset", "scaled - offset"],
    ["a comment", "second.js", "export", "// two\n export"],
  ])("are not believed once there is an edit of %s", async (_, name, from, to) => {
    mark();
    const after = edited(toys, name, from, to);
    write(folder, after);
    expect(await read()).toEqual(await fingerprints(after, toyModules));
  });

  it("are not believed once a kernel or a file's existence has changed", async () => {
    mark();
    const after = { ...toys, "toy.wasm": wasmGiving(42) };
    write(folder, after);
    expect(await read()).toEqual(await fingerprints(after, toyModules));
    unlinkSync(join(folder, "toy.wasm"));
    await expect(read()).rejects.toThrow(/toy\.wasm, which .* names, cannot be read/);
  });

  it("tell the versions that are installed now", async () => {
    mark();
    const after = edited(toys, "node_modules/straight/package.json", "3.1.0", "3.1.1");
    write(folder, after);
    const [, , packaged] = await read();
    expect(packaged).toMatchObject({
      code: "from the record",
      packages: { bending: "1.0.0", straight: "3.1.1" },
    });
    rmSync(join(folder, "node_modules/bending"), { recursive: true });
    await expect(read()).rejects.toThrow(
      /packaged\.js imports bending, which is not installed: install it\.$/,
    );
  });

  it.each(["", "{", "null", "[]", '{ "record": "mesoflow code 1" }', '{ "record": "another" }'])(
    "are not believed where the record is %j",
    async (text) => {
      writeFileSync(record, text);
      expect(await read()).toEqual(await fingerprints(toys, toyModules));
    },
  );

  it("are not believed of other modules", async () => {
    mark();
    const other = { "stages/near.js": join(folder, "stages/far.js") };
    const of = await fingerprintsOf(other, { root: folder, record });
    const [, far] = await fingerprints(toys, toyModules);
    expect(of({ id: "stages/near.js" })).toEqual(far);
  });
});
