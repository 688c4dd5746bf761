import { type Context, Hono } from "hono";
import type { Artifact } from "../../pipeline/index.ts";
import { pack } from "../artifact-bytes.ts";
import { type GraphInfo, type Side as Name, sides, type WhyInfo } from "../protocol.ts";
import type { Assets } from "./assets.ts";
import type { Guard } from "./guard.ts";
import type { Hub } from "./hub.ts";
import { settingIn } from "./setting.ts";
import type { Side } from "./side.ts";
import { eventStream } from "./stream.ts";
import { type Format, formats, type Workbench } from "./workbench.ts";

/** Bytes that a request may bring. */
const MOST_BYTES = 64 * 1024;
/** How many pages, and programs, may be told of events at a time. */
const MOST_STREAMS = 200;

/** What the server consists of. */
export interface Parts {
  readonly workbench: Workbench;
  readonly hub: Hub;
  readonly guard: Guard;
  readonly assets: Assets;
}

/** A request that cannot be answered, in one sentence. */
class Refusal extends Error {
  readonly status: 400 | 404 | 409 | 413 | 503;
  constructor(status: Refusal["status"], message: string) {
    super(message);
    this.status = status;
  }
}

/** Everything that can be asked for, as web/protocol.ts tells. */
export function appOf({ workbench, hub, guard, assets }: Parts): Hono {
  const app = new Hono();
  app.use(guard.refuse);
  app.notFound((c) => c.json({ error: "There is nothing here." }, 404));
  app.onError((thrown, c) => {
    if (thrown instanceof Refusal) return c.json({ error: thrown.message }, thrown.status);
    return c.json({ error: thrown.message }, 500);
  });

  const sideOf = (c: Context): Side => {
    const name = c.req.param("side");
    const side = sides.includes(name as Name) ? hub.side(name as Name) : undefined;
    if (!side) throw new Refusal(404, "There is no such side: it is a, or b while two are compared.");
    return side;
  };
  const stageOf = (c: Context, side: Side): string => {
    const stage = c.req.param("stage") ?? "";
    if (!side.bench.graph.some(({ name }) => name === stage))
      throw new Refusal(404, "There is no such stage.");
    return stage;
  };

  for (const [path, asset] of assets) {
    app.get(path, async (c) => {
      c.header("ETag", asset.etag);
      c.header("Cache-Control", "no-cache");
      c.header("Vary", "Accept-Encoding");
      if (c.req.header("If-None-Match") === asset.etag) return c.body(null, 304);
      const { bytes, encoding } = await asset.encoded(c.req.header("Accept-Encoding") ?? "");
      if (encoding) c.header("Content-Encoding", encoding);
      return c.body(bytes, 200, { "Content-Type": asset.type });
    });
  }

  app.use("/api/*", async (c, next) => {
    c.header("Cache-Control", "no-store"); // unless a handler knows better
    await next();
  });
  app.get("/api/pipeline", (c) => c.json(workbench.info));
  app.get("/api/state", (c) => c.json(hub.snapshot));
  app.get("/api/events", (c) => {
    if (hub.listeners >= MOST_STREAMS) throw new Refusal(503, "Too many pages are open.");
    return c.body(eventStream(hub), 200, { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" });
  });

  app.put("/api/settings/:side", async (c) => {
    const name = c.req.param("side") as Name;
    if (!sides.includes(name)) throw new Refusal(404, "There is no such side: it is a or b.");
    const setting = settingIn(await jsonOf(c), workbench.info.parameters);
    if ("faults" in setting) return c.json(setting, 422);
    const outcome = await hub.set(name, setting.setting);
    return c.json(outcome, "faults" in outcome ? 422 : 200);
  });
  app.delete("/api/settings/b", (c) => {
    hub.endB();
    return c.body(null, 204);
  });

  app.get("/api/graph/:side", (c) => {
    const { bench, state } = sideOf(c);
    return c.json({ revision: state.revision, stages: bench.graph } satisfies GraphInfo);
  });
  app.get("/api/why/:side/:stage{.+}", async (c) => {
    const side = sideOf(c);
    const stage = stageOf(c, side);
    const told = await side.bench.why(stage);
    const state = side.state.stages[stage] ?? { state: "waiting" };
    return c.json({ stage, state, ...told } satisfies WhyInfo);
  });
  app.get("/api/artifacts/:content", async (c) => {
    const content = hashIn(c, "content");
    const isKnown = c.req.header("If-None-Match") === `"${content}"`;
    const artifact = isKnown ? undefined : await workbench.artifact(content);
    if (!isKnown && !artifact) throw new Refusal(404, "There is no such artifact, or no longer.");
    c.header("ETag", `"${content}"`);
    c.header("Cache-Control", forGood);
    return artifact ? bytesOf(c, artifact) : c.body(null, 304);
  });
  app.get("/api/params/:key", (c) => {
    const params = workbench.params(hashIn(c, "key"));
    if (params === undefined) throw new Refusal(404, "There is no such result, or no longer.");
    c.header("Cache-Control", forGood);
    return c.body(JSON.stringify(params), 200, { "Content-Type": "application/json" });
  });
  app.get("/api/parts/:side/:stage{.+}", async (c) => {
    const side = sideOf(c);
    const artifact = await side.bench.partial(stageOf(c, side));
    return artifact ? bytesOf(c, artifact) : c.body(null, 204); // no fault: it waits, or is no grid
  });
  app.get("/api/export/:side/:stage{.+}", async (c) => {
    const side = sideOf(c);
    const stage = stageOf(c, side);
    const format = c.req.query("format") ?? "npz";
    if (!Object.hasOwn(formats, format)) throw new Refusal(400, "The format is npz, csv or json.");
    const file = await side.bench.exported(stage, format as Format);
    if (file === undefined) throw new Refusal(409, `${stage} is not computed yet.`);
    const name = `${stage.replaceAll("/", "-")}.${format}`;
    c.header("Content-Disposition", dispositionOf(name));
    return c.body(file as Uint8Array<ArrayBuffer> | string, 200, {
      "Content-Type": formats[format as Format],
    });
  });
  refuseOtherMethods(app);
  return app;
}

/** What no route before has taken, though one of its path takes other methods. */
function refuseOtherMethods(app: Hono): void {
  const routes = app.routes.filter(({ method }) => method !== "ALL");
  for (const path of new Set(routes.map((route) => route.path))) {
    const known = routes.filter((route) => route.path === path);
    const allow = known.map(({ method }) => method).join(", ");
    app.all(path, (c) => c.json({ error: `Of this can be asked: ${allow}.` }, 405, { Allow: allow }));
  }
}

/** What never changes a browser need not ask for again. */
const forGood = "private, max-age=31536000, immutable";

function hashIn(c: Context, name: string): string {
  const hash = c.req.param(name) ?? "";
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new Refusal(400, "Keys and contents are 64 hexadecimal digits.");
}

const bytesOf = (c: Context, artifact: Artifact) =>
  c.body(pack(artifact), 200, { "Content-Type": "application/octet-stream" });

/** What a request brings, read no further than it may be long. */
async function jsonOf(c: Context): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Refusal(413, `A request may bring at most ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new Refusal(400, "The request brings no JSON.");
  }
}

/** A download under this name; in ASCII for programs that know no other (RFC 6266). */
const dispositionOf = (name: string): string =>
  `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", "%27")}`;
