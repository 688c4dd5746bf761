/** kernels/assembly/random.ts in BigInt: counted streams of SplitMix64. */

const mask = (1n << 64n) - 1n;
const gamma = 0x9e3779b97f4a7c15n;
const purposes = { synapses: 0n, events: 1n, eventCounts: 2n } as const;

function mix(word: bigint): bigint {
  let z = word & mask;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
  return z ^ (z >> 31n);
}

/** The words of a stream, 64 bits each. */
export function* words(
  seed: number,
  purpose: keyof typeof purposes,
  index: number,
): Generator<bigint, never> {
  const start = mix(mix((purposes[purpose] << 32n) | BigInt(seed)) + BigInt(index) * gamma);
  for (let k = 0n; ; k++) yield mix(start + k * gamma);
}

export const unit = (word: bigint): number => Number(word >> 11n) / 2 ** 53;
