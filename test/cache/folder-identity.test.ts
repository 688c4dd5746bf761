import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { folderBlobs } from "../../cache/index.ts";

const root = mkdtempSync(join(tmpdir(), "mesoflow-identity-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string) => join(root, name);
const idOf = async (folder: string) => (await folderBlobs(folder).identity()).id;

test("many who come first at once agree, and leave nothing unfinished", async () => {
  for (let round = 0; round < 20; round += 1) {
    const folder = at(`many${round}`);
    const ids = await Promise.all(Array.from({ length: 10 }, () => idOf(folder)));
    expect(new Set(ids).size).toBe(1);
    expect(readdirSync(folder)).toEqual(["store-id"]);
    expect(await idOf(folder)).toBe(ids[0]);
  }
});

test("a folder is itself by any path, and no other of the same path", async () => {
  const id = await idOf(at("here"));
  symlinkSync(at("here"), at("there"));
  expect(await idOf(at("there"))).toBe(id);
  rmSync(at("here"), { recursive: true });
  expect(await idOf(at("here"))).not.toBe(id);
});

test("its name tells path and identity", async () => {
  const { id, name } = await folderBlobs(at("named")).identity();
  expect(name).toBe(`the folder ${at("named")} (${id})`);
});

test("an identity whose only file was deleted is made anew", async () => {
  mkdirSync(join(at("emptied"), "store-id"), { recursive: true });
  const id = await idOf(at("emptied"));
  expect(await idOf(at("emptied"))).toBe(id);
});

test("who may not write reads the identity that is there", async () => {
  const id = await idOf(at("given"));
  const folders = [at("given"), join(at("given"), "store-id")];
  for (const folder of folders) chmodSync(folder, 0o555); // to root this is no hindrance
  expect(await idOf(at("given"))).toBe(id);
  for (const folder of folders) chmodSync(folder, 0o755);
});

test("where none is and none can be made, it is told what to do", async () => {
  writeFileSync(at("file"), "");
  await expect(idOf(at("file"))).rejects.toThrow(
    `Cannot write the content folder ${at("file")}: it is no folder, or below something that is none.`,
  );
});
