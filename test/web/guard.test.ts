import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesAnswered, raw } from "./raw.ts";
import { content, type Toy, toy } from "./workbench.ts";

const folder = mkdtempSync(join(tmpdir(), "mesoflow-page-"));
mkdirSync(join(folder, "page/fonts"), { recursive: true });
writeFileSync(join(folder, "page/index.html"), "<p>the page");
writeFileSync(join(folder, "page/client.js"), `// ${"long ".repeat(1_000)}`);
writeFileSync(join(folder, "page/fonts/inter.woff2"), "font");
writeFileSync(join(folder, "page/notes.secret"), "of a kind that no page has");
writeFileSync(join(folder, "secret.js"), "beside the page");

let server: Toy;
let cookie: string;
/** As a browser that has opened the link sends it. */
const ask = (method: string, path: string, headers: Record<string, string> = {}, body = "") =>
  raw(server.port, method, path, { Host: `127.0.0.1:${server.port}`, Cookie: cookie, ...headers }, body);
const own = () => ({ Origin: `http://127.0.0.1:${server.port}` });

beforeAll(async () => {
  server = await toy(join(folder, "page"));
  const { headers } = await raw(server.port, "GET", `/?token=${server.token}`);
  cookie = String(headers["set-cookie"]).split(";")[0]!;
});
afterAll(async () => {
  await server.serving.close();
  rmSync(folder, { recursive: true });
});

describe("who may ask", () => {
  test("the link is exchanged for a cookie that scripts and other sites do not get", async () => {
    const { status, headers } = await raw(server.port, "GET", `/?token=${server.token}`);
    expect({ status, location: headers.location }).toEqual({ status: 303, location: "/" });
    expect(headers["cache-control"]).toBe("no-store");
    const [given, ...attributes] = String(headers["set-cookie"]).split("; ");
    expect(given).toMatch(new RegExp(`^mesoflow-${server.port}=[\\w-]{43}$`));
    expect(attributes.sort()).toEqual(["HttpOnly", "Path=/", "SameSite=Strict"]);
    expect(given).not.toContain(server.token);
    expect(server.token).toMatch(/^[\w-]{43}$/); // 32 bytes
  });

  const paths = ["/", "/client.js", "/api/pipeline", "/api/events", `/api/artifacts/${content}`, "/nothing"];
  test.each(paths)("nobody without it gets %s", async (path) => {
    for (const headers of [
      {},
      { Cookie: `mesoflow-${server.port}=${"x".repeat(43)}` },
      { Cookie: `mesoflow-${server.port}=${server.token}` }, // the token is no cookie
      { Authorization: "Bearer x" },
      { Authorization: `Basic ${server.token}` },
      { Authorization: `Bearer ${server.token}x` },
    ]) {
      expect((await raw(server.port, "GET", path, headers)).status).toBe(401);
    }
  });
  test("nobody without it changes anything, nor gets in by a wrong link", async () => {
    const before = server.workbench.settings.length;
    const body = JSON.stringify({ setting: { "ring.v_c": 9 } });
    expect((await raw(server.port, "PUT", "/api/settings/a", own(), body)).status).toBe(401);
    expect((await raw(server.port, "DELETE", "/api/settings/b", own())).status).toBe(401);
    expect(server.workbench.settings.length).toBe(before);
    for (const query of ["token=", "token=x", `token=${server.token}x`, `Token=${server.token}`]) {
      const { status, headers } = await raw(server.port, "GET", `/?${query}`);
      expect({ status, cookie: headers["set-cookie"] }).toEqual({ status: 401, cookie: undefined });
    }
    expect((await raw(server.port, "POST", `/?token=${server.token}`)).status).toBe(401);
  });
  test("with the cookie the page, with the token programs", async () => {
    expect(await ask("GET", "/")).toMatchObject({ status: 200, text: "<p>the page" });
    expect((await ask("GET", "/api/pipeline")).status).toBe(200);
    expect((await server.ask("/api/pipeline")).status).toBe(200);
  });
});

describe("from where it may be asked", () => {
  test.each(["evil.example", "evil.example:7044", "127.0.0.1.evil.example", "localhost.", "[::2]:1"])(
    "not under the name %s, whatever it brings",
    async (host) => {
      for (const path of ["/", `/?token=${server.token}`, "/api/events"]) {
        expect((await ask("GET", path, { Host: host })).status).toBe(421);
      }
    },
  );
  test("not under what is no name", async () => {
    for (const host of ["", "localhost@evil.example", "/", "localhost/.."]) {
      const head = `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
      expect(await bytesAnswered(server.port, head)).toMatch(/^HTTP\/1.1 4(00|21) /);
    }
  });
  test.each(["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "[::1]:7044"])(
    "under the name %s, with any port, as behind a tunnel",
    async (host) => {
      expect((await ask("GET", "/", { Host: host })).status).toBe(200);
    },
  );

  const body = JSON.stringify({ setting: { "ring.v_c": 9 } });
  test("a change comes from this server's page or from a program", async () => {
    const put = (headers: Record<string, string>) => ask("PUT", "/api/settings/a", headers, body);
    expect((await put(own())).status).toBe(200);
    expect((await put({})).status).toBe(403); // browsers say where it comes from
    for (const origin of ["null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1"]) {
      expect((await put({ Origin: origin })).status).toBe(403);
      expect((await ask("DELETE", "/api/settings/b", { Origin: origin })).status).toBe(403);
    }
    expect((await server.ask("/api/settings/a", { method: "PUT", body })).status).toBe(200);
    const foreign = { headers: { Origin: "http://evil.example" } };
    expect((await server.ask("/api/settings/a", { method: "PUT", body, ...foreign })).status).toBe(403);
  });
  test("other sites get no events and no results", async () => {
    expect((await ask("GET", "/api/events")).status).toBe(200);
    for (const path of ["/api/events", `/api/artifacts/${content}`, "/api/pipeline"]) {
      expect((await ask("GET", path, { Origin: "http://evil.example" })).status).toBe(403);
      expect((await ask("GET", path, { "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
      expect((await ask("GET", path, { "Sec-Fetch-Site": "same-site" })).status).toBe(403);
      expect((await ask("GET", path, { "Sec-Fetch-Site": "same-origin" })).status).toBe(200);
    }
  });
});

test("every answer tells the browser what the page may not do", async () => {
  const answers = [
    await ask("GET", "/"),
    await ask("GET", "/api/nothing"),
    await raw(server.port, "GET", "/"),
    await ask("GET", "/", { Host: "evil.example" }),
    await ask("POST", "/api/pipeline", own()),
    await ask("GET", `/api/artifacts/${content}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 401, 421, 405, 200]);
  for (const { headers } of answers) {
    const policy = String(headers["content-security-policy"]).split("; ");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toMatch(/unsafe|\*|http/);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  }
});

describe("files", () => {
  test("those of the page, packed for browsers that unpack", async () => {
    expect(await ask("GET", "/fonts/inter.woff2")).toMatchObject({
      status: 200,
      text: "font",
      headers: { "content-type": "font/woff2" },
    });
    const plain = await ask("GET", "/client.js");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.text.length).toBeGreaterThan(5_000);
    for (const encoding of ["br", "gzip"]) {
      const packed = await ask("GET", "/client.js", { "Accept-Encoding": `${encoding}, x` });
      expect(packed.headers).toMatchObject({ "content-encoding": encoding, vary: "Accept-Encoding" });
      expect(Number(packed.headers["content-length"])).toBeLessThan(500);
    }
    const etag = String(plain.headers.etag);
    expect((await ask("GET", "/client.js", { "If-None-Match": etag })).status).toBe(304);
  });

  const outside = [
    "/../secret.js",
    "/..%2fsecret.js",
    "/%2e%2e/secret.js",
    "/fonts/../../secret.js",
    "/..\\secret.js",
    "//etc/passwd",
    "/fonts",
    "/notes.secret",
    "/index.html%00.js",
    "/%",
    "/api/artifacts/../../secret.js",
    "/api/artifacts/%2e%2e%2f%2e%2e%2fsecret.js",
    "/api/export/a/../../../secret.js",
    "/api/export/a/%2e%2e%2fsecret.js",
    "/api/why/a/%ff",
  ];
  test.each(outside)("no path leads to another: %s", async (path) => {
    const { status, text } = await ask("GET", path);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/beside|secret|root:/);
  });
});

describe("what is too much", () => {
  test("a body of more than 64 kB, however it is sent", async () => {
    const body = JSON.stringify({ setting: { "ring.v_c": 1 }, more: "x".repeat(70_000) });
    expect(
      (await ask("PUT", "/api/settings/a", { ...own(), "Content-Length": `${body.length}` }, body)).status,
    ).toBe(413);
    expect(
      (await ask("PUT", "/api/settings/a", { ...own(), "Transfer-Encoding": "chunked" }, body)).status,
    ).toBe(413);
  });
  test("more than 200 that listen", async () => {
    const listeners = new AbortController();
    const { signal } = listeners;
    try {
      const some = Array.from({ length: 200 }, () => server.ask("/api/events", { signal }));
      const open = await Promise.all(some);
      expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
      expect((await ask("GET", "/api/events")).status).toBe(503);
    } finally {
      listeners.abort();
    }
    // As soon as they are gone, others may.
    await expect.poll(async () => (await ask("GET", "/api/events")).status).toBe(200);
  });
  test("heads that are too long, or no HTTP", async () => {
    expect((await ask("GET", "/", { "X-Long": "x".repeat(40_000) })).status).toBe(431);
    expect(await bytesAnswered(server.port, "what?\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("a request that does not come to its end", () => {
  let slow: Toy;
  beforeAll(async () => {
    slow = await toy(join(folder, "page"), { patience: { head: 200, whole: 600 } });
  });
  afterAll(() => slow.serving.close());

  test.each([
    ["in its head", () => `GET /api/state HTTP/1.1\r\nHost: 127.0.0.1:${slow.port}\r\nCookie: `],
    [
      "in its body",
      () =>
        `PUT /api/settings/a HTTP/1.1\r\nHost: 127.0.0.1:${slow.port}\r\nAuthorization: Bearer ${slow.token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 30\r\n\r\n{"setting": ',
    ],
  ])("%s is not waited for, and changes nothing", async (_, bytes) => {
    const before = slow.workbench.settings.length;
    const answer = await bytesAnswered(slow.port, bytes());
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(slow.workbench.settings.length).toBe(before);
    expect((await slow.ask("/api/state")).status).toBe(200);
  });
});
