/** One of the files that hash-wasm is made of; the package's own has all its hashes and takes ten times as long to load. */
declare module "hash-wasm/dist/blake3.umd.min.js" {
  import type { createBLAKE3 } from "hash-wasm";

  const hashes: { readonly createBLAKE3: typeof createBLAKE3 };
  export default hashes;
}
