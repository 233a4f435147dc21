import type { GuestMemory } from '../../../guest-memory.js';

/**
 * The arguments behind a function's named ones, as clang lays them out for wasm32: one after another in memory, each aligned to its size, an int to 4 and what has 64 bits to 8.
 */
export class VariableArguments {
  readonly #memory: GuestMemory;
  #at: number;

  constructor(memory: GuestMemory, pointer: number) {
    this.#memory = memory;
    this.#at = pointer >>> 0;
  }

  /** An int, a long or a pointer. @throws GuestFault */
  i32(): number {
    return this.#next(4).getInt32(0, true);
  }

  /** @throws GuestFault */
  i64(): bigint {
    return this.#next(8).getBigInt64(0, true);
  }

  /** @throws GuestFault */
  f64(): number {
    return this.#next(8).getFloat64(0, true);
  }

  /** A long double, which has 128 bits here; as a double, which has fewer. @throws GuestFault */
  f128(): number {
    const bits = this.#next(16);
    const high = bits.getBigUint64(8, true);
    const sign = high >> 63n === 0n ? 1 : -1;
    const exponent = Number((high >> 48n) & 0x7fffn);
    // 112 bits, of which a double keeps 52.
    const fraction = Number(((high & 0xffffffffffffn) << 4n) | (bits.getBigUint64(0, true) >> 60n));
    if (exponent === 0x7fff) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 2 ** 52) * 2 ** (exponent - 16383) * (exponent === 0 ? 0 : 1);
  }

  #next(bytes: number): DataView {
    const at = Math.ceil(this.#at / bytes) * bytes;
    this.#at = at + bytes;
    return this.#memory.struct(at, bytes);
  }
}
