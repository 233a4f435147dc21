import type { WasmFunction } from '../../engine.js';
import { cString } from './c-string.js';
import { formatted } from './format/format.js';
import { VariableArguments } from './format/variable-arguments.js';
import type { Libc } from './libc-imports.js';

/** A va_list is a pointer to the arguments, as the hidden last parameter is: printf and vprintf are the same. */
export function printCalls(libc: Libc): Readonly<Record<string, WasmFunction>> {
  const { memory } = libc;
  const make = (format: number, args: number) =>
    formatted(cString(memory, format), new VariableArguments(memory, args), memory);
  const printf = (format: number, args: number) => {
    const text = make(format, args);
    libc.stdout(text);
    return text.length;
  };
  const sprintf = (to: number, format: number, args: number) => {
    const text = make(format, args);
    memory.write(to, Buffer.concat([text, NUL]));
    return text.length;
  };
  const snprintf = (...[to, size, format, args]: [number, number, number, number]) => {
    const text = make(format, args);
    const room = size >>> 0;
    // Room for nothing means that only the length is wanted, and the pointer may be NULL.
    if (room > 0) memory.write(to, Buffer.concat([text.subarray(0, room - 1), NUL]));
    return text.length;
  };
  return {
    printf,
    vprintf: printf,
    sprintf,
    vsprintf: sprintf,
    snprintf,
    vsnprintf: snprintf,
    puts: (string: number) => {
      libc.stdout(Buffer.concat([cString(memory, string), NEWLINE]));
      return 1;
    },
    putchar: (byte: number) => {
      libc.stdout(Uint8Array.of(byte & 255));
      return byte & 255;
    },
  };
}

const NUL = Uint8Array.of(0);
const NEWLINE = Buffer.from('\n');
