import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A file of the page, as it is sent. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  /** Its bytes in the best of the encodings that the browser takes, as `Accept-Encoding` lists them. */
  encoded(accepted: string): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly encoding?: string }>;
}

/** The page's files by their paths in links: "/client.js". */
export type Assets = ReadonlyMap<string, Asset>;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

/** Brotli at its best takes seconds for what the page's drawing part holds, and is hardly smaller. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const [brotliOf, gzipOf] = [promisify(brotliCompress), promisify(gzip)];
const encoders = {
  br: (bytes: Uint8Array) => brotliOf(bytes, quality),
  gzip: (bytes: Uint8Array) => gzipOf(bytes),
};

/** Stands in for a page that was not built. */
const placeholder =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>mesoflow</title><p>The page is not built.</p></html>';

/** All files of a folder, read once and for all: no request reaches the file system after that. */
export function assetsIn(folder: string): Assets {
  const files = filesIn(folder).filter((file) => extname(file) in types);
  const assets = new Map(
    files.map((file) => [
      `/${file.split(sep).join("/")}`,
      assetOf(readFileSync(join(folder, file)), extname(file)),
    ]),
  );
  const index = assets.get("/index.html") ?? assetOf(Buffer.from(placeholder), ".html");
  return assets.set("/", index);
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length)
          .replace(/^[/\\]+/, ""),
      );
  } catch {
    return [];
  }
}

function assetOf(content: Uint8Array, ending: string): Asset {
  const bytes = new Uint8Array(content);
  const packed = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  return {
    type: types[ending]!,
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    async encoded(accepted) {
      const names = accepted.split(",").map((one) => one.split(";")[0]!.trim());
      const encoding = (["br", "gzip"] as const).find((one) => names.includes(one));
      if (!encoding || bytes.length < 1_000) return { bytes };
      const packing = packed.get(encoding) ?? encoders[encoding](bytes).then((all) => new Uint8Array(all));
      packed.set(encoding, packing);
      return { bytes: await packing, encoding };
    },
  };
}
