import { unzipSync, zipSync } from "fflate";
import { BadInput } from "./bad-input.ts";
import { decodeNpy, encodeNpy, type PlainArray } from "./npy.ts";

/** Deflate cannot pack tighter than this; a file that claims more is damaged. */
const largestRatio = 1032;

/** Arrays by name as a file for `numpy.load`. Equal arrays in equal order give equal bytes. */
export function encodeNpz(arrays: Readonly<Record<string, PlainArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, { data, shape }]) => [
    `${name}.npy`,
    encodeNpy(data, shape),
  ]);
  // Archives hold local time without its zone: noon of a day that every zone writes alike.
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1, 12) });
}

/**
 * Reads arrays by name from what `numpy.savez`, `savez_compressed` or `encodeNpz` wrote.
 *
 * @param file its name, for error messages
 * @throws BadInput
 */
export function decodeNpz(bytes: Uint8Array, file: string): Record<string, PlainArray> {
  const damaged = new BadInput(`${file} is no NPZ file or damaged; save it again`);
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter({ name, size, originalSize }) {
        if (size > bytes.length || originalSize > size * largestRatio) throw damaged;
        return name.endsWith(".npy");
      },
    });
  } catch {
    throw damaged;
  }
  const arrays = Object.entries(files).map(([name, content]) => [
    name.replace(/\.npy$/, ""),
    decodeNpy(content, `${name} in ${file}`),
  ]);
  return Object.fromEntries(arrays);
}
