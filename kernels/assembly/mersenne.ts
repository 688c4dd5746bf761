// MT19937 (Matsumoto & Nishimura 1998) with init_genrand seeding. Two generators stand side by side, because
// excitation and inhibition draw in turn.

const N: i32 = 624;
const M: i32 = 397;
export const GENERATOR_BYTES: i32 = N * 4 + 8; // state words, then the index of the next word

const generators = memory.data(2 * GENERATOR_BYTES, 16);

/** The address of generator 0 or 1. */
export function generator(which: i32): usize {
  return generators + which * GENERATOR_BYTES;
}

/** Seeds a generator by a plain integer. */
export function seed(state: usize, value: u32): void {
  let word = value;
  store<u32>(state, word);
  for (let i = 1; i < N; i++) {
    word = 1812433253 * (word ^ (word >> 30)) + i;
    store<u32>(state + (i << 2), word);
  }
  store<i32>(state + (N << 2), N);
}

function twist(upper: u32, lower: u32): u32 {
  return (((upper & 0x80000000) | (lower & 0x7fffffff)) >> 1) ^ (lower & 1 ? 0x9908b0df : 0);
}

function refill(state: usize): void {
  for (let i = 0; i < N; i++) {
    const next = load<u32>(state + ((i + 1 === N ? 0 : i + 1) << 2));
    const far = i + M < N ? i + M : i + M - N;
    store<u32>(state + (i << 2), load<u32>(state + (far << 2)) ^ twist(load<u32>(state + (i << 2)), next));
  }
}

function word(state: usize): u32 {
  let index = load<i32>(state + (N << 2));
  if (index === N) {
    refill(state);
    index = 0;
  }
  let y = load<u32>(state + (index << 2));
  store<i32>(state + (N << 2), index + 1);
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

/** A uniform number in [0, 1) of 53 bits from two draws: 27 high bits and 26. */
export function uniform(state: usize): f64 {
  const high = word(state) >> 5;
  const low = word(state) >> 6;
  return (<f64>high * 67108864.0 + <f64>low) / 9007199254740992.0;
}
