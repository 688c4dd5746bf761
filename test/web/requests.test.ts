import { afterAll, beforeAll, expect, test } from "vitest";
import { unpack } from "../../web/artifact-bytes.ts";
import { artifact, content, jsonOf, key, type Toy, toy } from "./workbench.ts";

let server: Toy;
const json = async (path: string) => jsonOf(await server.ask(path));

beforeAll(async () => {
  server = await toy();
});
afterAll(() => server.serving.close());

test("what there is, and what it is at", async () => {
  expect(await json("/api/pipeline")).toMatchObject({ version: "0", parameters: [{ path: "ring.v_c" }, {}] });
  const { revision } = await json("/api/graph/a");
  expect(await json("/api/state")).toMatchObject({
    sides: { a: { revision, setting: {}, stages: { one: { state: "finished", key, content } } } },
  });
  expect(await json("/api/why/a/of/two")).toMatchObject({
    ...{ stage: "of/two", state: { state: "waiting" }, sentences: ["of/two is up to date"] },
  });
});

test("an artifact, for good; also the parameters of a result", async () => {
  const answer = await server.ask(`/api/artifacts/${content}`);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "cache-control": "private, max-age=31536000, immutable",
    etag: `"${content}"`,
  });
  expect(unpack(await answer.arrayBuffer())).toEqual(artifact);
  const again = await server.ask(`/api/artifacts/${content}`, {
    headers: { "If-None-Match": `"${content}"` },
  });
  expect(again.status).toBe(304);
  const params = await server.ask(`/api/params/${key}`);
  expect(params.headers.get("Cache-Control")).toContain("immutable");
  expect(await jsonOf(params)).toEqual({ n: 1 });
});

test("some of a grid, and downloads under a name of their own", async () => {
  const part = await server.ask("/api/parts/a/of/two");
  expect(part.headers.get("Cache-Control")).toBe("no-store");
  expect(unpack(await part.arrayBuffer())).toEqual(artifact);
  const nothing = await server.ask("/api/parts/a/one");
  expect([nothing.status, await nothing.text()]).toEqual([204, ""]);
  const file = await server.ask("/api/export/a/one?format=csv");
  expect(file.headers.get("Content-Disposition")).toBe(
    `attachment; filename="one.csv"; filename*=UTF-8''one.csv`,
  );
  expect(await file.text()).toBe("one as csv");
});

test.each([
  ["/api/graph/c", 404],
  ["/api/graph/b", 404],
  ["/api/why/a/three", 404],
  ["/api/why/a/one/", 404],
  ["/api/artifacts/x", 400],
  [`/api/artifacts/${"C0".repeat(32)}`, 400],
  [`/api/artifacts/${"a".repeat(64)}`, 404],
  ["/api/params/x", 400],
  [`/api/params/${"a".repeat(64)}`, 404],
  ["/api/export/a/of/two", 409],
  ["/api/export/a/one?format=exe", 400],
  ["/api/export/a/one?format=toString", 400],
])("%s cannot be answered: %i, in a sentence, and is not kept", async (path, status) => {
  const answer = await server.ask(path);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  expect((await jsonOf(answer)).error).toMatch(/^[A-Za-z].*\.$/);
});

test("other methods than those there are", async () => {
  for (const [method, path, allow] of [
    ["POST", "/", "GET"],
    ["PUT", "/api/pipeline", "GET"],
    ["GET", "/api/settings/a", "PUT"],
    ["DELETE", "/api/settings/a", "PUT"],
    ["DELETE", "/api/why/a/of/two", "GET"],
  ]) {
    const answer = await server.ask(path!, { method: method! });
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, allow]);
  }
});

test("a setting is run, an equal one is the same, two stand side by side", async () => {
  const { revision } = await jsonOf(await server.put("a", { "ring.v_c": 50 }));
  await expect.poll(async () => (await json("/api/state")).sides.a.revision).toBe(revision);
  const runs = server.workbench.settings.length;
  expect(await jsonOf(await server.put("a", { "ring.v_c": 50 }))).toEqual({ revision });
  expect(server.workbench.settings.length).toBe(runs);

  const other = await jsonOf(await server.put("b", { "ring.v_c": 70 }));
  expect((await json("/api/state")).sides).toMatchObject({
    ...{ a: { setting: { "ring.v_c": 50 } }, b: { setting: { "ring.v_c": 70 }, revision: other.revision } },
  });
  server.workbench.isAborted = false;
  expect((await server.ask("/api/settings/b", { method: "DELETE" })).status).toBe(204);
  expect(server.workbench.isAborted).toBe(true);
  expect((await json("/api/state")).sides.b).toBeUndefined();
  expect((await server.ask("/api/settings/b", { method: "DELETE" })).status).toBe(204);
  const anew = await jsonOf(await server.put("b", { "ring.v_c": 70 }));
  expect(anew.revision).toBeGreaterThan(other.revision);
  await server.ask("/api/settings/b", { method: "DELETE" });
});

test("of a burst the last setting is what is run in the end", async () => {
  const before = server.workbench.settings.length;
  const burst = Array.from({ length: 100 }, (_, k) => server.put("a", { "ring.v_c": 100 + k }));
  const revisions = await Promise.all(burst.map(async (answer) => (await jsonOf(await answer)).revision));
  expect(new Set(revisions).size).toBe(100);
  const last = Math.max(...revisions);
  await expect.poll(async () => (await json("/api/state")).sides.a.revision).toBe(last);
  expect(server.workbench.settings.length - before).toBeLessThan(100);
});

const faulty: [string, string, number, RegExp][] = [
  ["no JSON", "{", 400, /no JSON/],
  ["no setting", "{}", 422, /A setting is asked for as/],
  ["a list", '{"setting":[]}', 422, /A setting is asked for as/],
  ["nothing", "null", 422, /A setting is asked for as/],
  ["what the pipeline refuses", '{"setting":{"ring.v_c":-1}}', 422, /^ring.v_c is -1/],
  ["files", '{"setting":{"recordings":"/etc/passwd"}}', 422, /^recordings names files.*--set recordings/],
  ["files by another path", '{"setting":{"recordings.0":"x"}}', 422, /^recordings names files/],
  ["a section", '{"setting":{"ring":{"v_c":1}}}', 422, /"ring" is given something/],
  ["what no parameter is", '{"setting":{"ring.v_c":{"__proto__":1}}}', 422, /"ring.v_c" is given something/],
  ["endless lists", `{"setting":{"ring.v_c":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`, 422, /something/],
];
test.each(faulty)("a setting is refused that is %s", async (_, body, status, told) => {
  const before = await json("/api/state");
  const answer = await server.ask("/api/settings/a", { method: "PUT", body });
  expect(answer.status).toBe(status);
  const { error, faults } = await jsonOf(answer);
  expect(error ?? faults[0]).toMatch(told);
  expect(await json("/api/state")).toEqual(before);
});
