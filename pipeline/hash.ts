import { createBLAKE3 } from "hash-wasm";

const blake3 = await createBLAKE3();
const utf8 = new TextEncoder();

/** BLAKE3 of bytes, or of text as UTF-8: 64 hexadecimal digits. */
export function hash(content: Uint8Array | string): string {
  return blake3
    .init()
    .update(typeof content === "string" ? utf8.encode(content) : content)
    .digest("hex");
}
