import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Widths of a TrueType font's letters, in em: of what the tables cmap (format 4), hhea and hmtx say. */
export function widthsOf(file: string): (text: string) => number {
  const font = readFileSync(createRequire(import.meta.url).resolve(file));
  const tables = new Map<string, number>();
  for (let k = 0; k < font.readUInt16BE(4); k++) {
    const entry = 12 + 16 * k;
    tables.set(font.toString("latin1", entry, entry + 4), font.readUInt32BE(entry + 8));
  }
  const unitsPerEm = font.readUInt16BE(tables.get("head")! + 18);
  const metrics = font.readUInt16BE(tables.get("hhea")! + 34);
  const cmap = tables.get("cmap")!;
  const offsets = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, k) => cmap + font.readUInt32BE(cmap + 8 + 8 * k),
  );
  const map = offsets.find((offset) => font.readUInt16BE(offset) === 4)!;
  const twice = font.readUInt16BE(map + 6); // of segments

  const glyphOf = (code: number): number => {
    for (let k = 0; k < twice; k += 2) {
      if (code > font.readUInt16BE(map + 14 + k)) continue;
      const first = font.readUInt16BE(map + 16 + twice + k);
      if (code < first) return 0;
      const delta = font.readUInt16BE(map + 16 + 2 * twice + k);
      const place = map + 16 + 3 * twice + k;
      const range = font.readUInt16BE(place);
      const glyph = range === 0 ? code : font.readUInt16BE(place + range + 2 * (code - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
  return (text) => {
    let units = 0;
    for (const letter of text) {
      const glyph = glyphOf(letter.codePointAt(0)!);
      if (glyph === 0) throw new Error(`${file} has no ${letter}`);
      units += font.readUInt16BE(tables.get("hmtx")! + 4 * Math.min(glyph, metrics - 1));
    }
    return units / unitsPerEm;
  };
}
