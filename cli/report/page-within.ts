import type { Contents, Drawing } from "./contents.ts";
import { fontRules } from "./fonts.ts";
import { pageOf } from "./page.ts";

/**
 * The page, not longer than so many bytes: figures of single recordings are in it, a recording with all of its figures
 * after the other, as far as there is room; the others are in the folder alone.
 */
export async function pageWithin(most: number, contents: Contents): Promise<string> {
  const fonts = await fontRules();
  const whole = await pageOf(contents, fonts, () => true);
  if (Buffer.byteLength(whole) <= most) return whole;

  const page = (recordings: ReadonlySet<string>) =>
    pageOf(contents, fonts, ({ name }) => {
      const recording = recordingOf(name);
      return recording === undefined || recordings.has(recording);
    });
  const sizes = new Map<string, number>();
  for (const drawing of contents.drawings) {
    const recording = recordingOf(drawing.name);
    if (recording !== undefined) sizes.set(recording, (sizes.get(recording) ?? 0) + bytesOf(drawing));
  }
  const bare = await page(new Set());
  let length = Buffer.byteLength(bare);
  const chosen = new Set<string>();
  for (const [recording, bytes] of sizes) {
    length += bytes;
    if (length > most) break;
    chosen.add(recording);
  }
  return page(chosen);
}

/** At the most: drawing, caption and what is around them. */
const bytesOf = ({ light, caption, stages }: Drawing): number =>
  Buffer.byteLength(light) + 2 * Buffer.byteLength(caption) + 300 * (stages.length + 4);

/** Which recording a figure is of: "residual/baseline/one", "recording/one" and "scan/one" are of one. */
export const recordingOf = (name: string): string | undefined =>
  /^(?:recording|scan|residual\/[^/]+)\/(.+)$/.exec(name)?.[1];
