/** MT19937 with init_genrand seeding, 53-bit uniforms: kernels/assembly/mersenne.ts as a generator object. */
export class MersenneTwister {
  readonly #state = new Uint32Array(624);
  #index = 624;

  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < 624; i++) {
      const previous = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  #word(): number {
    if (this.#index === 624) {
      const s = this.#state;
      for (let i = 0; i < 624; i++) {
        const joined = (s[i]! & 0x80000000) | (s[(i + 1) % 624]! & 0x7fffffff);
        s[i] = s[(i + 397) % 624]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
      }
      this.#index = 0;
    }
    let y = this.#state[this.#index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  uniform(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
}
