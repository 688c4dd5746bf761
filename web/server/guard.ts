import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** What a server asks of whoever talks to it. */
export interface Guard {
  /** In the link that is printed; programs send it as `Authorization: Bearer`. */
  readonly token: string;
  /** Refuses what may not be answered; to be asked before anything else. */
  readonly refuse: MiddlewareHandler;
}

/** What browsers are told to let the page do: nothing but talk to this server and show what it sends. */
const headers: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    ...["base-uri", "form-action", "frame-ancestors"].map((each) => `${each} 'none'`),
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * A guard with secrets of its own. Whoever opens the link with the token gets a cookie; everything else is answered
 * only with that cookie or the token. A page of another site, even one whose name leads to this machine, has neither,
 * and is told apart by the names it uses besides.
 *
 * @param hosts the names, without ports, under which the server may be asked
 * @param port tells cookies of servers on one machine apart, which browsers do not
 */
export function guardOf(hosts: ReadonlySet<string>, port: number): Guard {
  const [token, pass] = [secret(), secret()];
  const cookie = `mesoflow-${port}`;
  const refuse: MiddlewareHandler = async (c, next) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    const host = c.req.header("Host") ?? "";
    if (!hosts.has(nameOf(host))) {
      return c.json({ error: `This server does not answer to the name ${JSON.stringify(host)}.` }, 421);
    }
    const { method, path } = c.req;
    const given = c.req.query("token");
    if (path === "/" && given !== undefined && method === "GET") {
      if (!isSame(given, token)) return c.text(stranger, 401);
      setCookie(c, cookie, pass, { httpOnly: true, sameSite: "Strict", path: "/" });
      c.header("Cache-Control", "no-store");
      return c.redirect("/", 303); // the browser keeps the link's fragment
    }
    const bearer = /^Bearer (.+)$/.exec(c.req.header("Authorization") ?? "")?.[1];
    const isProgram = bearer !== undefined && isSame(bearer, token);
    if (!isProgram && !isSame(getCookie(c, cookie) ?? "", pass)) {
      return path.startsWith("/api/") ? c.json({ error: stranger }, 401) : c.text(stranger, 401);
    }
    // Browsers say where a request comes from wherever it could change something.
    const origin = c.req.header("Origin");
    const site = c.req.header("Sec-Fetch-Site");
    const isSafe = method === "GET" || method === "HEAD";
    const isForeign =
      (origin !== undefined && origin !== `http://${host}`) ||
      (origin === undefined && !isSafe && !isProgram) ||
      (path.startsWith("/api/") && site !== undefined && site !== "same-origin" && site !== "none");
    if (isForeign) return c.json({ error: "Only this server's own page may ask for this." }, 403);
    return next();
  };
  return { token, refuse };
}

const stranger = "Open the link that mesoflow serve printed: it lets you in.";

const secret = (): string => randomBytes(32).toString("base64url");

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}

/** The name in a Host header: "[::1]" of "[::1]:7044". */
const nameOf = (host: string): string => host.toLowerCase().replace(/:\d{1,5}$/, "");
