import { decodeBase64 } from './base64.js';
import { EbpmError } from './ebpm-error.js';
import { inflate } from './inflate.js';
import { MAX_OBJECT_BYTES } from './limits.js';

/**
 * The object of a package: base64 of zlib data that unpack to exactly `sizeBytes`.
 * @throws EBPM_PACKAGE_TOO_LARGE, EBPM_PACKAGE_BASE64, EBPM_PACKAGE_COMPRESSION, EBPM_PACKAGE_SIZE_MISMATCH
 */
export function compressedObject(text: string, sizeBytes: number, source: string): Uint8Array {
  const where = `Cannot unpack the eBPF object of "${source}"`;
  if (sizeBytes > MAX_OBJECT_BYTES) throw tooLarge(where, sizeBytes);
  const packed = decodeBase64(text);
  if (packed === undefined) throw new EbpmError('EBPM_PACKAGE_BASE64', `${where}: bpf_object is not padded base64`);
  const inflated = inflate(packed, sizeBytes);
  if (inflated.ok) return inflated.bytes;
  if (inflated.reason === 'damaged') {
    throw new EbpmError('EBPM_PACKAGE_COMPRESSION', `${where}: bpf_object is not sound zlib data`, {
      cause: inflated.cause,
    });
  }
  throw wrongSize(where, inflated.reason === 'too long' ? 'longer' : 'shorter', `bpf_object_size, ${sizeBytes} bytes`);
}

/**
 * The object of a package of eunomia-bpf's first releases: base64 in lines, not compressed.
 * @throws EBPM_PACKAGE_TOO_LARGE, EBPM_PACKAGE_BASE64, EBPM_PACKAGE_SIZE_MISMATCH
 */
export function plainObject(text: string, sizeBytes: number, source: string): Uint8Array {
  const where = `Cannot unpack the eBPF object of "${source}"`;
  if (sizeBytes > MAX_OBJECT_BYTES) throw tooLarge(where, sizeBytes);
  const bytes = decodeBase64(text.replace(/[\r\n]+/g, ''));
  if (bytes === undefined) throw new EbpmError('EBPM_PACKAGE_BASE64', `${where}: data is not padded base64`);
  if (bytes.length === sizeBytes) return bytes;
  throw wrongSize(where, bytes.length > sizeBytes ? 'longer' : 'shorter', `data_sz, ${sizeBytes} bytes`);
}

function tooLarge(where: string, sizeBytes: number): EbpmError {
  return new EbpmError('EBPM_PACKAGE_TOO_LARGE', `${where}: ${sizeBytes} bytes are more than ${MAX_OBJECT_BYTES}`);
}

function wrongSize(where: string, how: string, said: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_SIZE_MISMATCH', `${where}: it is ${how} than ${said}`);
}
