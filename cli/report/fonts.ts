import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** What is set in Inter; other letters come from the reader's machine. */
const scripts = {
  latin: "U+0000-00FF,U+0131,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212,U+2215",
  greek: "U+0370-03FF",
} as const;
const weights = [400, 600] as const;

/** Rules that bring the figures' font along, within the page itself. */
export async function fontRules(): Promise<string> {
  const faces = weights.flatMap((weight) =>
    Object.entries(scripts).map(async ([script, range]) => {
      const name = `@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`;
      const data = (await readFile(fileURLToPath(import.meta.resolve(name)))).toString("base64");
      return (
        `@font-face{font-family:Inter;font-weight:${weight};unicode-range:${range};` +
        `src:url(data:font/woff2;base64,${data}) format("woff2")}`
      );
    }),
  );
  return (await Promise.all(faces)).join("\n");
}
