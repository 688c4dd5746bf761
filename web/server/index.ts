import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { getRequestListener } from "@hono/node-server";
import type { Observable } from "rxjs";
import { appOf } from "./app.ts";
import { assetsIn } from "./assets.ts";
import { guardOf } from "./guard.ts";
import { Hub } from "./hub.ts";
import type { PipelineView, Workbench } from "./workbench.ts";

export { type Faults, type Format, formats, type PipelineView, type Workbench } from "./workbench.ts";

export interface ServingOptions {
  /** Address or name to listen at. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Where the page was built. */
  readonly page: string;
  /** How long a request may take to come in, ms: its head alone, and as a whole. 10 s and 30 s unless given. */
  readonly patience?: { readonly head: number; readonly whole: number };
}

/** A server that answers. */
export interface Serving {
  /** The link that lets in whoever opens it. */
  readonly url: string;
  /** Errors where it cannot go on; else it is silent. */
  readonly failures: Observable<never>;
  /** Answers nobody any more, and aborts what runs. */
  close(): Promise<void>;
}

const PATIENCE = { head: 10_000, whole: 30_000 };
const MOST_CONNECTIONS = 1_000;

/**
 * Serves the page, which begins with this bench.
 *
 * @throws Error with a `code` of the system where it cannot listen there
 */
export async function serve(
  workbench: Workbench,
  first: PipelineView,
  { host, port, page, patience = PATIENCE }: ServingOptions,
): Promise<Serving> {
  const server = createServer({
    headersTimeout: patience.head,
    requestTimeout: patience.whole,
    connectionsCheckingInterval: patience.head / 5,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const address = await listening(server, host, port);
  const guard = guardOf(namesOf(host), address.port);
  const hub = new Hub(workbench, first);
  const app = appOf({ workbench, hub, guard, assets: assetsIn(page) });
  server.on("request", getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  return {
    url: `http://${linkName(host)}:${address.port}/?token=${guard.token}`,
    failures: hub.failures,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      hub.end();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Addresses that mean all addresses of the machine. */
const everywhere = ["0.0.0.0", "::"];

/** The names under which a server that listens at an address may be asked. */
function namesOf(host: string): ReadonlySet<string> {
  const local = ["localhost", "127.0.0.1", "::1"];
  const own = everywhere.includes(host)
    ? [
        hostname(),
        ...Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []),
      ]
    : [host];
  return new Set([...local, ...own].map(inLink));
}

/** As it stands in links and Host headers: IPv6 addresses in brackets. */
const inLink = (name: string): string => (name.includes(":") ? `[${name}]` : name).toLowerCase();

const linkName = (host: string): string => inLink(everywhere.includes(host) ? hostname() : host);
