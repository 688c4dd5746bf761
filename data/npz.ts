import { crc32 } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import { BadInput } from "../pipeline/errors.ts";
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
  return Object.fromEntries([...openNpz(bytes, file)].map(([name, read]) => [name, read()]));
}

/**
 * The arrays of such a file by name; each is read when called, so that only those asked for can be at fault.
 *
 * @throws BadInput, here or from an array
 */
export function openNpz(bytes: Uint8Array, file: string): Map<string, () => PlainArray> {
  const damaged = new BadInput(`${file} is no NPZ file or damaged; save it again`);
  let files: Record<string, Uint8Array>;
  let sums: Map<string, number>;
  try {
    sums = checksumsOf(bytes);
    files = unzipSync(bytes, {
      filter({ name, size, originalSize }) {
        if (size > bytes.length || originalSize > size * largestRatio) throw damaged;
        return name.endsWith(".npy");
      },
    });
  } catch {
    throw damaged;
  }
  const arrays = Object.entries(files).map(([name, content]): [string, () => PlainArray] => [
    name.replace(/\.npy$/, ""),
    () => {
      if (crc32(content) !== sums.get(name)) {
        throw new BadInput(
          `${name} in ${file} is damaged: its checksum is another; save it again or copy it anew`,
        );
      }
      return decodeNpy(content, `${name} in ${file}`);
    },
  ]);
  return new Map(arrays);
}

/**
 * CRC-32 by name, which fflate does not check, from the directory at an archive's end.
 *
 * @throws RangeError where there is none
 */
function checksumsOf(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end--;
  const sums = new Map<string, number>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + lengths[0]!));
    sums.set(name.toString(isUtf8 ? "utf8" : "latin1"), view.getUint32(at + 16, true));
    at += lengths.reduce((sum, length) => sum + length, 46);
  }
  return sums;
}
