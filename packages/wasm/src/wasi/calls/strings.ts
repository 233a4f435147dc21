import type { GuestMemory } from '../../guest-memory.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

/** Arguments and environment: one list of pointers, and one buffer of NUL-terminated strings, whose sizes the guest asks first. */
export function stringCalls({ host: { memory, args, env } }: Wasi): Readonly<Record<string, WasiCall>> {
  const argv = args.map(terminated);
  const environ = [...env].map(([name, value]) => terminated(`${name}=${value}`));
  return {
    args_sizes_get: (count: number, size: number) => putSizes(memory, argv, count, size),
    args_get: (pointers: number, buffer: number) => putStrings(memory, argv, pointers, buffer),
    environ_sizes_get: (count: number, size: number) => putSizes(memory, environ, count, size),
    environ_get: (pointers: number, buffer: number) => putStrings(memory, environ, pointers, buffer),
  };
}

function terminated(text: string): Uint8Array {
  return Buffer.from(`${text}\0`);
}

function putSizes(memory: GuestMemory, strings: readonly Uint8Array[], count: number, size: number): void {
  memory.setU32(count, strings.length);
  memory.setU32(
    size,
    strings.reduce((sum, { length }) => sum + length, 0),
  );
}

function putStrings(memory: GuestMemory, strings: readonly Uint8Array[], pointers: number, buffer: number): void {
  let at = buffer >>> 0;
  for (const [index, string] of strings.entries()) {
    memory.setU32((pointers >>> 0) + index * 4, at);
    memory.write(at, string);
    at += string.length;
  }
}
