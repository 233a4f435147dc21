// Bits somewhere in little-endian bytes: `shift` counts from the lowest bit of the byte at `at`.

/** Reads up to 32 bits, unsigned. */
export function readBits(bytes: Uint8Array, at: number, shift: number, bits: number): number {
  let value = 0;
  for (let index = byteCount(shift, bits) - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return Math.floor(value / 2 ** shift) % 2 ** bits;
}

/** Reads up to 32 bits in two's complement. */
export function readSignedBits(bytes: Uint8Array, at: number, shift: number, bits: number): number {
  const unused = 32 - bits;
  return (readBits(bytes, at, shift, bits) << unused) >> unused;
}

/** Reads any number of bits, unsigned. */
export function readWideBits(bytes: Uint8Array, at: number, shift: number, bits: number): bigint {
  let value = 0n;
  for (let index = byteCount(shift, bits) - 1; index >= 0; index -= 1) {
    value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  }
  return BigInt.asUintN(bits, value >> BigInt(shift));
}

/** Reads any number of bits in two's complement. */
export function readSignedWideBits(bytes: Uint8Array, at: number, shift: number, bits: number): bigint {
  return BigInt.asIntN(bits, readWideBits(bytes, at, shift, bits));
}

function byteCount(shift: number, bits: number): number {
  return (shift + bits + 7) >>> 3;
}
