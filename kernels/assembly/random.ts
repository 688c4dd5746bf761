// Random numbers by counting: SplitMix64 (Steele, Lea & Flood 2014), the mixing function of successive multiples
// of an odd constant. The k-th number of a stream depends on seed, purpose and index of the stream alone, so nothing
// depends on the order in which streams are drawn from.

export const GAMMA: u64 = 0x9e3779b97f4a7c15;

// What a stream is for.
export const SYNAPSES: u32 = 0;
export const EVENTS: u32 = 1;
export const EVENT_COUNTS: u32 = 2;

/** The finaliser of SplitMix64: a bijection of 64-bit words. */
export function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** Where a stream starts; its k-th word is mix(start + k · GAMMA). */
export function stream(seed: u32, purpose: u32, index: u32): u64 {
  return mix(mix(((<u64>purpose) << 32) | <u64>seed) + <u64>index * GAMMA);
}

/** A word as a uniform number in [0, 1), of 53 bits. */
export function unit(word: u64): f64 {
  return <f64>(word >> 11) * 1.1102230246251565e-16; // 2^-53
}
