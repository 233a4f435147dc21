import { GuestFault } from '../../../guest-fault.js';
import type { GuestMemory } from '../../../guest-memory.js';
import { MAX_PRINTED_BYTES } from '../../limits.js';
import { boundedString, cString } from '../c-string.js';
import { type Conversion, conversionAt } from './conversion.js';
import { floatText } from './float-text.js';
import { integerText } from './integer-text.js';
import { padded } from './padded.js';
import type { VariableArguments } from './variable-arguments.js';

/** Longest conversion: widths and precisions of more digits are past the limit anyway. */
const MAX_CONVERSION_CHARACTERS = 64;

/**
 * What printf(3) makes of a format, in the locale "C". Its bytes are kept as they are, whatever their encoding. What is no conversion is printed as it stands.
 * @throws GuestFault for %n, wide characters and more output than the limit
 */
export function formatted(format: Uint8Array, args: VariableArguments, memory: GuestMemory): Uint8Array {
  // In latin1 every byte is a character.
  const text = Buffer.from(format).toString('latin1');
  const pieces: string[] = [];
  let length = 0;
  const add = (piece: string) => {
    length += piece.length;
    if (length > MAX_PRINTED_BYTES) throw new GuestFault(`printed more than ${MAX_PRINTED_BYTES} bytes at once`);
    pieces.push(piece);
  };
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('%', at);
    add(text.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    const found = conversionAt(text.slice(next, next + MAX_CONVERSION_CHARACTERS), args);
    const characters = found?.characters ?? text.length - next;
    const converted = found === undefined ? undefined : convert(found.conversion, args, memory);
    add(converted ?? text.slice(next, next + characters));
    at = next + characters;
  }
  return Buffer.from(pieces.join(''), 'latin1');
}

/** Undefined where there is no such conversion. */
function convert(conversion: Conversion, args: VariableArguments, memory: GuestMemory): string | undefined {
  switch (conversion.letter) {
    case '%':
      return '%';
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integerText(conversion, args);
    case 'p':
      return pointerText(conversion, args.i32());
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      return floatText(conversion, conversion.length === 'L' ? args.f128() : args.f64());
    case 'c':
      refuseWide(conversion);
      return padded(String.fromCharCode(args.i32() & 255), conversion);
    case 's':
      refuseWide(conversion);
      return padded(stringText(args.i32(), conversion.precision, memory), conversion);
    case 'n':
      throw new GuestFault('used %n, with which printf writes into memory');
    default:
      return undefined;
  }
}

function pointerText(conversion: Conversion, pointer: number): string {
  return padded(`0x${(pointer >>> 0).toString(16)}`, conversion);
}

function refuseWide({ length, letter }: Conversion): void {
  if (length === 'l') throw new GuestFault(`used %l${letter}: there are no wide characters`);
}

function stringText(pointer: number, precision: number | undefined, memory: GuestMemory): string {
  if (pointer === 0) return '(null)'.slice(0, precision);
  const bytes = precision === undefined ? cString(memory, pointer) : boundedString(memory, pointer, precision);
  return Buffer.from(bytes).toString('latin1');
}
