// Random numbers for the parity test: small, seeded, and independent of everything that is tested. (Mulberry32.)

/** A seeded source of random words. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A word: 32 random bits. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    return Math.floor((this.word() / 4294967296) * bound);
  }

  /** A real number between `low` and `high`. */
  between(low: number, high: number): number {
    return low + (this.word() / 4294967296) * (high - low);
  }

  /** One of the list. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}
