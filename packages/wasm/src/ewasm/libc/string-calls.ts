import type { WasmFunction } from '../../engine.js';
import { boundedString, cString } from './c-string.js';
import type { Libc } from './libc-imports.js';

export function stringCalls({ memory }: Libc): Readonly<Record<string, WasmFunction>> {
  const text = (pointer: number) => cString(memory, pointer);
  const part = (pointer: number, length: number) => boundedString(memory, pointer, length >>> 0);
  return {
    strlen: (string: number) => text(string).length,
    strcmp: (one: number, other: number) => Buffer.compare(text(one), text(other)),
    strncmp: (one: number, other: number, length: number) => Buffer.compare(part(one, length), part(other, length)),
    strncasecmp: (one: number, other: number, length: number) =>
      Buffer.compare(part(one, length).map(lower), part(other, length).map(lower)),
    strchr: (string: number, byte: number) => {
      const bytes = text(string);
      const index = (byte & 255) === 0 ? bytes.length : bytes.indexOf(byte & 255);
      return index < 0 ? 0 : (string >>> 0) + index;
    },
    strstr: (string: number, wanted: number) => {
      const { buffer, byteOffset, length } = text(string);
      const index = Buffer.from(buffer, byteOffset, length).indexOf(text(wanted));
      return index < 0 ? 0 : (string >>> 0) + index;
    },
    strcpy: (to: number, from: number) => {
      memory.write(to, memory.bytes(from, text(from).length + 1));
      return to;
    },
    // What is not filled with the string is filled with NUL; a string that is as long or longer gets none.
    strncpy: (to: number, from: number, length: number) => {
      const room = memory.bytes(to, length);
      const string = part(from, length);
      room.set(string);
      room.fill(0, string.length);
      return to;
    },
    strspn: (string: number, accepted: number) => span(text(string), text(accepted), true),
    strcspn: (string: number, refused: number) => span(text(string), text(refused), false),
  };
}

/** How many bytes stand at the start that are among `set`, or that are not. */
function span(bytes: Uint8Array, set: Uint8Array, isAmong: boolean): number {
  const end = bytes.findIndex((byte) => set.includes(byte) !== isAmong);
  return end < 0 ? bytes.length : end;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
