import { describe, expect, it, test } from "vitest";
import { type Files, fingerprintOfModule, fingerprints } from "./project.ts";

const stage = (before: string, body: string) =>
  `${before}\nexport default { id: "stage.ts", run: async () => { ${body} } };`;

async function told(files: Files | string): Promise<string> {
  const all = typeof files === "string" ? { "stage.ts": files } : files;
  try {
    await fingerprints(all, ["stage.ts"]);
  } catch (thrown) {
    expect(thrown).toMatchObject({ name: "BadInput" });
    return (thrown as Error).message;
  }
  return "";
}

describe("is refused", () => {
  it.each<[string, string, RegExp]>([
    ["a dynamic import", stage("", 'return import("./other.js");'), /imports dynamically.*write `import/],
    ["one of a computed name", stage("", "return import(String(1));"), /imports dynamically/],
    ["require", stage("", 'return require("./other.js");'), /calls require.*use import/],
    [
      "require that is made",
      stage('import { createRequire } from "node:module";', 'return createRequire("/x/")("y");'),
      /calls require/,
    ],
    ["code from text", stage("", 'return eval("1");'), /makes code from text with eval/],
    ["a function from text", stage("", 'return new Function("1")();'), /from text with Function/],
    ["the time", stage("", "return Date.now();"), /uses Date\.now.*make it a parameter/],
    ["a date of now", stage("", "return new Date();"), /reads the clock/],
    ["a date as text", stage("", "return Date();"), /reads the clock/],
    ["a stop-watch", stage("", "return performance.now();"), /uses performance\.now/],
    ["the environment", stage("", "return process.env.HOME;"), /uses process\.env\.HOME,/],
    [
      "the environment, imported",
      stage('import { env } from "node:process";', "return env.A;"),
      /process\.env\.A/,
    ],
    ["the machine", stage('import os from "node:os";', "return os.cpus();"), /uses os\.cpus/],
    ["chance", stage("", "return Math.random();"), /uses Math\.random/],
    ["chance by another way", stage("const { random } = Math;", "return random();"), /uses Math\.random/],
    ["chance by yet another", stage("", "return globalThis.Math.random();"), /uses Math\.random/],
    ["chance for ciphers", stage("", "return crypto.randomUUID();"), /uses crypto\.randomUUID/],
    [
      "chance from Node",
      stage('import { randomBytes } from "node:crypto";', "return randomBytes(1);"),
      /uses crypto\.randomBytes/,
    ],
    ["the clock when it is loaded", stage("const start = Date.now();", "return start;"), /uses Date\.now/],
    ["a folder by import.meta", stage("", "return import.meta.dirname;"), /uses import\.meta/],
    [
      "a file of a computed name",
      stage('const url = (n) => new URL("./" + n, import.meta.url);', 'return url("a");'),
      /uses import\.meta.*spelt out/,
    ],
    [
      "a file that is no input",
      stage('import { readFileSync } from "node:fs";', 'return readFileSync("/etc/hosts");'),
      /reads or writes files with fs\.readFileSync.*make it an input/,
    ],
    ["the network", stage("", 'return fetch("http://localhost");'), /uses fetch/],
    ["a counter", stage("let count = 0;", "return ++count;"), /reassigns count, which outlives/],
    ["a remembered value", stage("let last;", "last ??= 1; return last;"), /reassigns last/],
    ["one of a pattern", stage("let a; let b;", "[a, { b }] = [1, { b: 2 }]; return a;"), /reassigns a/],
    ["one of a loop", stage("let a;", "for (a of [1, 2]); return a;"), /reassigns a/],
    ["a memo", stage("const memo = new Map();", "memo.set(1, 2); return memo;"), /changes memo/],
    ["a list that grows", stage("const all = [];", "all.push(1); return all;"), /changes all/],
    ["an element", stage("const all = [0];", "all[0]++; return all;"), /changes all/],
    ["a property, far in", stage("const all = { a: { b: 1 } };", "all.a.b = 2; return all;"), /changes all/],
    ["a property that goes", stage("const all = { a: 1 };", "delete all.a; return all;"), /changes all/],
    ["what is in a map", stage("const all = new Map();", "all.get(1).push(2); return all;"), /changes all/],
    ["by another name", stage("const all = { a: [] };", "const { a } = all; a.push(1);"), /changes all/],
    ["by a loop's name", stage("const all = [{}];", "for (const one of all) one.a = 1;"), /changes all/],
    ["a buffer", stage("const room = new Float64Array(9);", "room.fill(1); return room;"), /changes room/],
    [
      "part of a buffer",
      stage("const room = new Float64Array(9);", "room.subarray(1).set([1]);"),
      /changes room/,
    ],
    ["an order", stage("const all = [2, 1];", "return all.sort();"), /changes all/],
    ["by Object.assign", stage("const all = {};", "return Object.assign(all, { a: 1 });"), /changes all/],
    ["a pattern that goes on", stage("const word = /a/g;", 'return word.test("aa");'), /changes word/],
    ["a function's property", stage("function f() { f.calls = 1; }", "return f();"), /changes f/],
    ["a static field", stage("class A { static n = 0; }", "return ++A.n;"), /changes A/],
    [
      "a static method's class",
      stage("class A { static n = 0; static f() { this.n++; } }", "A.f();"),
      /changes this/,
    ],
    [
      "an object's own method",
      stage("const a = { n: 0, f() { return this.n++; } };", "return a.f();"),
      /changes this/,
    ],
    [
      "a closure",
      stage("const next = (() => { let n = 0; return () => ++n; })();", "return next();"),
      /reassigns n/,
    ],
    [
      "a closure that is made",
      stage("function counter() { let n = 0; return () => ++n; }\nconst next = counter();", "return next();"),
      /keeps what counter makes/,
    ],
    [
      "an instance",
      stage(
        "class Counter { n = 0; next() { return ++this.n; } }\nconst c = new Counter();",
        "return c.next();",
      ),
      /keeps what _?Counter makes/,
    ],
    ["a generator", stage("function* f() { yield 1; }\nconst g = f();", "return g.next();"), /changes g/],
    ["a global", stage("", "globalThis.a = 1;"), /changes a global/],
  ])("%s", async (_, text, expected) => {
    expect(await told(text)).toMatch(expected);
  });

  it("a file that is named and not there, or a folder", async () => {
    const text = stage('const url = new URL("./data", import.meta.url);', "return url;");
    expect(await told(text)).toMatch(
      /data, which .*stage\.ts:1 names, cannot be read \(ENOENT\): put it there\.$/,
    );
    expect(await told({ "stage.ts": text, "data/a": "" })).toMatch(/is a folder: name the files in it\.$/);
  });

  it("a CommonJS module", async () => {
    const files = {
      "stage.ts": stage('import a from "./a.cjs";', "return a;"),
      "a.cjs": "module.exports = 1;",
    };
    expect(await told(files)).toMatch(/a\.cjs.* is a CommonJS module.*write it as an ES module/);
  });

  it("what cannot be read, with the place", async () => {
    expect(await told(stage('import "./missing.js";', ""))).toMatch(
      /stage\.ts:1: Could not resolve "\.\/missing\.js"\.$/,
    );
    expect(await told("export default {")).toMatch(
      /stage\.ts:1: Expected identifier but found end of file\.$/,
    );
    expect(await told("export const a = 1;")).toMatch(/has no default export to fingerprint/);
    expect(await told({ "other.ts": "" })).toMatch(
      /^Stage stage\.ts has no module at .*stage\.ts: name the file/,
    );
    expect(await told(stage('import { a } from "absent";', "return a;"))).toMatch(
      /Could not resolve "absent"/,
    );
  });
});

describe("is not refused", () => {
  it.each<[string, string]>([
    ["state within the call", stage("", "let n = 0; const all = []; all.push(++n); all[0] = 1; return all;")],
    ["a sum in a callback", stage("", "let sum = 0; [1].forEach((x) => { sum += x; }); return sum;")],
    ["a list that is filled where it is made", stage("const all = []; all.push(1);", "return all;")],
    [
      "a table that a function makes",
      stage("const make = () => { const a = []; a.push(1); return a; }; const t = make();", "return t;"),
    ],
    [
      "a sum while loading",
      stage(
        "const total = (() => { let n = 0; [1].forEach((x) => { n += x; }); return n; })();",
        "return total;",
      ),
    ],
    ["a parameter's properties", stage("const f = (a) => { a.n = 1; return a; };", "return f({});")],
    [
      "a counter made for the call",
      stage("function counter() { let n = 0; return () => ++n; }", "return counter()();"),
    ],
    [
      "an instance made for the call",
      stage("class C { n = 0; next() { return ++this.n; } }", "return new C().next();"),
    ],
    [
      "an instance that does not change",
      stage("class C { n = 0; add(x) { return this.n + x; } }\nconst c = new C();", "return c.add(1);"),
    ],
    ["a date of a number", stage("", "return new Date(0).getUTCFullYear();")],
    ["a date that is asked for its kind", stage("", 'return typeof process === "undefined";')],
    [
      "a file that is named",
      stage(
        'import { readFileSync } from "node:fs"; const url = new URL("./stage.ts", import.meta.url);',
        "return readFileSync(url);",
      ),
    ],
    ["a copy that is sorted", stage("const all = [2, 1];", "return [...all].sort();")],
    ["a property of that name", stage("", "return { process: 1, random: 2 }.process;")],
    ["a local of that name", stage("", "const process = { env: 1 }; return process.env;")],
    ["an enumeration", stage("enum Kind { A, B }", "return Kind.A;")],
    ["what the stage does not reach", stage("export const now = () => Date.now();", "return 1;")],
    ["another module's types", stage('import type { Stage } from "./absent.ts";', "return 1;")],
  ])("%s", async (_, text) => {
    expect(await told(text)).toBe("");
  });
});

test("every fault is told once, with its line and all the stages that have it", async () => {
  const files = {
    "a.ts": 'import { now } from "./now.ts"; export default { id: "a.ts", run: now };',
    "b.ts":
      'import { now } from "./now.ts"; export default { id: "b.ts", run: () => [now(), Math.random()] };',
    "now.ts": "\ninterface Clock {}\n\nexport const now = () =>\n  Date.now();",
  };
  const failure = await fingerprints(files, ["a.ts", "b.ts"]).catch((thrown: Error) => thrown.message);
  expect(String(failure).split("\n")).toEqual([
    expect.stringMatching(/^Stages a\.ts, b\.ts: .*now\.ts:5 uses Date\.now, which .*\.$/),
    expect.stringMatching(/^Stage b\.ts: .*b\.ts:1 uses Math\.random, which .*\.$/),
  ]);
});

describe("what is vouched for is accepted", () => {
  it.each([
    ["where it is declared", "// vouched for: emptied by every call\nlet top = 0;", "top = 1;"],
    [
      "in a comment of several lines",
      "/*\n * vouched for: emptied by every call\n * and only then used\n */\nlet top = 0;",
      "top = 1;",
    ],
    ["where it happens", "let top = 0;", "top = 1; // vouched for: nothing reads it\n"],
    ["above where it happens", "", "\n// vouched for: told to nobody\nconst t = Date.now();"],
  ])("%s", async (_, before, body) => {
    expect(await told(stage(before, body))).toBe("");
  });

  it.each([
    ["without a reason", "// vouched for:\nlet top = 0;", "top = 1;"],
    ["elsewhere", "// vouched for: emptied\n\nlet top = 0;", "top = 1;"],
    ["in a text", "let top = 'vouched for: nothing';", "top = 1;"],
  ])("but not %s", async (_, before, body) => {
    expect(await told(stage(before, body))).toMatch(/reassigns top/);
  });

  it("and vouching reruns nothing", async () => {
    const plain = await fingerprintOfModule(stage("const a = 1;", "return a;"));
    const vouched = await fingerprintOfModule(stage("// vouched for: because\nconst a = 1;", "return a;"));
    expect(vouched).toEqual(plain);
  });
});
