// @module-tag process
import { createServer } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { unpack } from "../../web/artifact-bytes.ts";
import type { SideState } from "../../web/protocol.ts";
import {
  fast,
  isBuilt,
  mesoflow,
  processTitle,
  start,
  summaryOf,
  workingFolders,
} from "../support/command-line.ts";
import { jsonOf } from "./workbench.ts";

const folders = workingFolders();
afterAll(() => folders.clear());

/** `mesoflow serve` in a process of its own. */
class Served {
  readonly child: ReturnType<typeof start>;
  readonly ended: Promise<number | null>;
  #stdout = "";
  stderr = "";
  origin = "";
  headers: Record<string, string> = {};

  constructor(cwd: string, ...args: string[]) {
    this.child = start(cwd, "serve", "--json", "--port", "0", ...args);
    this.child.stdout.setEncoding("utf8").on("data", (text) => {
      this.#stdout += text;
    });
    this.child.stderr.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  async ready(): Promise<this> {
    await expect.poll(() => this.#stdout, { timeout: 300_000 }).toContain("\n");
    const { event, url } = JSON.parse(this.#stdout.split("\n")[0]!);
    expect(event).toBe("serving");
    const { origin, searchParams } = new URL(url);
    this.origin = origin;
    this.headers = { Authorization: `Bearer ${searchParams.get("token")}` };
    return this;
  }

  ask(path: string, options: RequestInit = {}): Promise<Response> {
    return fetch(this.origin + path, { ...options, headers: this.headers });
  }
  async put(side: string, setting: object) {
    const answer = await this.ask(`/api/settings/${side}`, {
      method: "PUT",
      body: JSON.stringify({ setting }),
    });
    return { status: answer.status, ...(await jsonOf(answer)) };
  }
  async side(name = "a"): Promise<SideState> {
    return (await jsonOf(await this.ask("/api/state"))).sides[name];
  }
  /** The state once all of a revision has been run. */
  async settled(revision: number, name = "a"): Promise<SideState> {
    const isDone = async () => {
      const side = await this.side(name);
      return side.revision === revision && !side.isRunning;
    };
    await expect.poll(isDone, { timeout: 300_000 }).toBe(true);
    return this.side(name);
  }
}

const open: Served[] = [];
const served = (cwd: string, ...args: string[]) => {
  const server = new Served(cwd, ...args);
  open.push(server);
  return server.ready();
};
afterEach(() => {
  for (const { child } of open.splice(0)) child.kill("SIGKILL");
});

describe.skipIf(!isBuilt)(processTitle("mesoflow serve"), () => {
  test("runs the pipeline and then what each setting reaches; what is known comes back without a run", async () => {
    const cwd = folders.make();
    const server = await served(cwd, "ring-trial", "scan", ...fast);
    const first = await server.settled(1);
    expect(new Set(Object.values(first.stages).map(({ state }) => state))).toEqual(new Set(["finished"]));

    const { revision } = await server.put("a", { "ring.v_c": 50 });
    const second = await server.settled(revision);
    const finished = ({ stages }: SideState) =>
      Object.keys(stages).filter((stage) => stages[stage]!.state === "finished");
    expect(finished(second).sort()).toEqual(
      ["baseline", "brief-stimulus", "wide-stimulus"].map((v) => `ring-trial/${v}`),
    );
    expect(second.stages["ring-trial/baseline"]!.reasons).toEqual([
      { kind: "parameter", path: "ring.v_c", from: 300, to: 50 },
    ]);

    const byName = await server.put("a", { "inference.durations": { example: 50 } });
    expect(byName.status).toBe(200);
    expect((await server.put("a", { "inference.durations": { example: { x: 1 } } })).status).toBe(422);
    const back = await server.settled((await server.put("a", {})).revision);
    expect(finished(back)).toEqual([]);
    const beside = await server.put("b", { "ring.v_c": 50 });
    expect(finished(await server.settled(beside.revision, "b"))).toEqual([]);

    const { content } = back.stages["ring-trial/baseline"]!;
    const bytes = await (await server.ask(`/api/artifacts/${content}`)).arrayBuffer();
    const { arrays } = unpack(bytes);
    expect(arrays.delta_V).toMatchObject({ dims: ["time", "space"], units: "1" });
    const csv = await (await server.ask("/api/export/a/ring-trial/baseline?format=csv")).text();
    const told = mesoflow(cwd, "export", "ring-trial/baseline", "--out", "ring.csv", ...fast);
    expect(told.status).toBe(0);
    expect(csv).toBe((await import("node:fs")).readFileSync(`${cwd}/ring.csv`, "utf8"));
    const whole = unpack(
      await (await server.ask(`/api/artifacts/${back.stages.scan!.content}`)).arrayBuffer(),
    );
    const part = unpack(await (await server.ask("/api/parts/a/scan")).arrayBuffer());
    expect(part).toEqual(whole); // all of it is there
    expect((await jsonOf(await server.ask("/api/why/a/ring-trial/baseline"))).sentences[0]).toContain(
      "up to date",
    );

    // What a page has run is known to the command line, and is in the history.
    const summary = summaryOf(cwd, "ring-trial", "--set", "ring.v_c=50", ...fast);
    expect(summary.executed).toEqual([]);
    expect(mesoflow(cwd, "cache", "history", "--json").stdout.match(/"id"/g)!.length).toBeGreaterThanOrEqual(
      4,
    );
  });

  test("tells faults as the command line does, and stays as it was", async () => {
    const server = await served(folders.make(), "step-response", ...fast);
    await server.settled(1);
    expect(await server.put("a", { "ring.v_c": -5, ringvc: 1 })).toEqual({
      status: 422,
      faults: [
        "Unknown configuration path ringvc (page): did you mean ring.v_c?",
        "ring.v_c is -5 mm/s (page), but must be above 0 and at most 1000000 mm/s: conduction velocity.",
      ],
    });
    expect(await server.put("a", { recordings: "/etc/passwd" })).toMatchObject({ status: 422 });
    expect(await server.side()).toMatchObject({ setting: {}, revision: 1 });
  });

  test("ends at once with Ctrl-C, though 50 listen, one sleeps, and something long runs", async () => {
    const server = await served(folders.make(), "network", "--set", "spiking.duration=100000");
    await expect
      .poll(async () => (await server.side()).stages.network?.state, { timeout: 300_000 })
      .toBe("running");
    const all = await Promise.all(Array.from({ length: 51 }, () => server.ask("/api/events")));
    const told = all.slice(1).map((answer) => answer.text().catch(() => ""));
    server.child.kill("SIGINT");
    expect(await server.ended).toBe(130);
    expect(server.stderr).toBe("interrupted; what was finished is kept\n");
    expect((await Promise.all(told)).every((text) => text.includes('"network"') || text === "")).toBe(true);
  });

  test("a port that is taken, an address that is none", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const taken = mesoflow(folders.make(), "serve", "--port", String(port));
    other.close();
    expect(taken).toEqual({
      status: 2,
      stdout: "",
      stderr: `Port ${port} of 127.0.0.1 is in use: give another with --port, or 0 for any that is free.\n`,
    });
    for (const wrong of ["x", "-1", "65536"]) {
      const { status, stderr } = mesoflow(folders.make(), "serve", `--port=${wrong}`);
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("from 0 to 65535"),
      });
    }
    expect(mesoflow(folders.make(), "serve", "--port", "0", "--host", "")).toEqual({
      ...{ status: 2, stdout: "" },
      stderr: "--host is empty, but must be an address or name to listen at, like 127.0.0.1.\n",
    });
    const nowhere = mesoflow(folders.make(), "serve", "--port", "0", "--host", "192.0.2.1");
    expect(nowhere).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Nothing can listen at 192.0.2.1"),
    });
  });

  test("says so where others can reach it", async () => {
    const server = await served(folders.make(), "step-response", "--host", "0.0.0.0", ...fast);
    expect(server.stderr).toContain(
      "It listens at 0.0.0.0: whoever reaches that and has the link can use it",
    );
  });
});
