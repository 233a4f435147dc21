/** Adler-32 (RFC 1950 section 8.2), the checksum at the end of zlib data, which fflate does not look at. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += MAX_RUN) {
    for (const byte of bytes.subarray(start, start + MAX_RUN)) {
      a += byte;
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  // Above 31 bits, so no bit operations.
  return b * 0x10000 + a;
}

/** Largest prime below 2^16, from the RFC. */
const MODULUS = 65_521;

/** Bytes between two divisions: b stays far below 2^31, where integers are fast. */
const MAX_RUN = 3800;
