import { readBits, readSignedBits, readSignedWideBits, readWideBits } from './bits.js';
import { clipCell, clipLine } from './clip.js';
import { writeEnum } from './enum-names.js';
import { quoteCsv } from './quote-csv.js';
import { alignRight, endLine, excessBytes, padTo, writePrintable } from './write-cell.js';
import { writeHexDump } from './write-hex-dump.js';
import { writeInt32, writeInt64, writeUint32, writeUint64 } from './write-integer.js';
import { writeJsonString, writeJsonStrings } from './write-json-string.js';
import { writeAddress4, writeAddress16, writeDuration, writeName } from './write-known.js';
import { writeBigInt, writeDouble, writeJsonDouble, writeQuotedBigInt } from './write-number.js';
import { writeBytes } from './write-text.js';

/** All that generated code can call; it names these functions and nothing else. */
export const WRITERS = {
  alignRight,
  clipCell,
  clipLine,
  endLine,
  excessBytes,
  padTo,
  quoteCsv,
  readBits,
  readSignedBits,
  readSignedWideBits,
  readWideBits,
  writeAddress16,
  writeAddress4,
  writeBigInt,
  writeBytes,
  writeDouble,
  writeDuration,
  writeEnum,
  writeHexDump,
  writeInt32,
  writeInt64,
  writeJsonDouble,
  writeJsonString,
  writeJsonStrings,
  writeName,
  writePrintable,
  writeQuotedBigInt,
  writeUint32,
  writeUint64,
} as const;
