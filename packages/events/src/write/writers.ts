import { readBits, readSignedBits, readSignedWideBits, readWideBits } from './bits.js';
import { writeEnum } from './enum-names.js';
import { alignRight, endLine, excessBytes, padTo, writePrintable } from './write-cell.js';
import { writeInt32, writeInt64, writeUint32, writeUint64 } from './write-integer.js';
import { writeJsonString, writeJsonStrings } from './write-json-string.js';
import { writeBigInt, writeDouble, writeJsonDouble, writeQuotedBigInt } from './write-number.js';
import { writeBytes } from './write-text.js';

/** All that generated code can call; it names these functions and nothing else. */
export const WRITERS = {
  alignRight,
  endLine,
  excessBytes,
  padTo,
  readBits,
  readSignedBits,
  readSignedWideBits,
  readWideBits,
  writeBigInt,
  writeBytes,
  writeDouble,
  writeEnum,
  writeInt32,
  writeInt64,
  writeJsonDouble,
  writeJsonString,
  writeJsonStrings,
  writePrintable,
  writeQuotedBigInt,
  writeUint32,
  writeUint64,
} as const;
