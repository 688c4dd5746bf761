import { log, mersenneTwister } from "../../../kernels/index.ts";

/** Standard normal numbers by Marsaglia's polar method, which needs neither sine nor cosine. */
export function normals(seed: number, n: number): Float64Array {
  // A pair of uniforms is kept with probability π/4; twice the expected number is enough.
  const uniforms = mersenneTwister(seed, 4 * n + 64);
  const drawn = new Float64Array(n);
  let next = 0;
  for (let i = 0; i < n; ) {
    const [a, b] = [2 * uniforms[next++]! - 1, 2 * uniforms[next++]! - 1];
    const square = a * a + b * b;
    if (square >= 1 || square === 0) continue;
    const scale = Math.sqrt((-2 * log(square)) / square);
    drawn[i++] = a * scale;
    if (i < n) drawn[i++] = b * scale;
  }
  return drawn;
}
