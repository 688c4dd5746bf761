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

/** The next state; the words' order is kept, so that four at a time may be made where all four are known. */
export function refill(state: usize): void {
  const far = M << 2;
  const wrapped = (N - M) << 2;
  let i = state;
  for (; i + 16 <= state + wrapped; i += 16) advance(i, v128.load(i, 4), v128.load(i + far));
  for (; i < state + wrapped; i += 4) advanceOne(i, load<u32>(i, 4), load<u32>(i + far));
  const last = state + ((N - 1) << 2);
  for (; i < last; i += 16) advance(i, v128.load(i, 4), v128.load(i - wrapped));
  advanceOne(last, load<u32>(state), load<u32>(last - wrapped));
}

function advance(address: usize, next: v128, far: v128): void {
  const upper = v128.and(v128.load(address), i32x4.splat(0x80000000));
  const joined = v128.or(upper, v128.and(next, i32x4.splat(0x7fffffff)));
  const odd = i32x4.neg(v128.and(next, i32x4.splat(1)));
  const twisted = v128.xor(i32x4.shr_u(joined, 1), v128.and(odd, i32x4.splat(0x9908b0df)));
  v128.store(address, v128.xor(far, twisted));
}

function advanceOne(address: usize, next: u32, far: u32): void {
  const joined = (load<u32>(address) & 0x80000000) | (next & 0x7fffffff);
  store<u32>(address, far ^ (joined >> 1) ^ (next & 1 ? 0x9908b0df : 0));
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
