import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { KERNEL_CONFIG_MAX_BYTES } from '../limits.js';

/** The options that a kernel was built with: `CONFIG_NAME` to what stands behind `=`. What is not set is not there. */
export type KernelConfig = ReadonlyMap<string, string>;

/** The configuration of this kernel, in the places where libbpf looks for it; undefined where it is in none. */
export function readKernelConfig(
  places: readonly string[] = [`/boot/config-${release()}`, '/proc/config.gz'],
): KernelConfig | undefined {
  const path = places.find((place) => existsSync(place));
  if (path === undefined) return undefined;
  try {
    const bytes = readFileSync(path);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = isPacked ? gunzipSync(bytes, { maxOutputLength: KERNEL_CONFIG_MAX_BYTES }) : bytes;
    return parseKernelConfig(text.subarray(0, KERNEL_CONFIG_MAX_BYTES).toString('latin1'));
  } catch (error) {
    if (UNREADABLE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Not for us, or no configuration at all. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'ERR_BUFFER_TOO_LARGE',
  'Z_DATA_ERROR',
  'Z_BUF_ERROR',
]);

/** @see https://docs.kernel.org/kbuild/kconfig.html */
export function parseKernelConfig(text: string): KernelConfig {
  return new Map(Array.from(text.matchAll(/^(CONFIG_\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]));
}
