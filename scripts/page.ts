import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import subset from "subset-font";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const sources = path("../../web/client");
const page = path("../web/page");
const fonts = { 400: "400Regular/Inter_400Regular.ttf", 600: "600SemiBold/Inter_600SemiBold.ttf" };

/** What the page and its figures write: Latin, Greek, and the signs of units, mathematics and states. */
const letters = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x370, 0x3ff],
  [0x2010, 0x2044],
  [0x2070, 0x209c],
  [0x2190, 0x21bb],
  [0x2200, 0x22ff],
  [0x2500, 0x25ff],
  [0x2713, 0x2717],
] as const;

/** Puts the page that `mesoflow serve` shows into dist/web/page. */
export async function buildPage(): Promise<void> {
  rmSync(page, { recursive: true, force: true });
  mkdirSync(page, { recursive: true });
  await build({
    entryPoints: [join(sources, "main.ts"), join(sources, "client.css")],
    entryNames: "client",
    chunkNames: "[name]",
    outdir: page,
    // What draws is loaded after the page has appeared.
    ...{ bundle: true, splitting: true, format: "esm", minify: true },
    ...{ target: "es2022", legalComments: "external", external: ["/*.woff2"], logLevel: "warning" },
  });
  for (const file of ["index.html", "icon.svg"]) copyFileSync(join(sources, file), join(page, file));
  const text = letters
    .flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, k) => String.fromCodePoint(first + k)),
    )
    .join("");
  for (const [weight, file] of Object.entries(fonts)) {
    const whole = readFileSync(fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)));
    writeFileSync(join(page, `inter-${weight}.woff2`), await subset(whole, text, { targetFormat: "woff2" }));
  }
}
