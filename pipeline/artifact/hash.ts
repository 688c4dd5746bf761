import hashes from "hash-wasm/dist/blake3.umd.min.js";

const blake3 = await hashes.createBLAKE3();
const utf8 = new TextEncoder();
/** Room for the texts that keys are made of, so that nothing is allocated for each. */
const scratch = new Uint8Array(2 ** 14);

/** BLAKE3 of bytes, or of text as UTF-8: 64 hexadecimal digits. */
export function hash(content: Uint8Array | string): string {
  return blake3
    .init()
    .update(typeof content === "string" ? bytesOf(content) : content)
    .digest("hex");
}

function bytesOf(text: string): Uint8Array {
  if (3 * text.length > scratch.length) return utf8.encode(text);
  return scratch.subarray(0, utf8.encodeInto(text, scratch).written);
}
