import fc from 'fast-check';
import type { RecordType } from '../src/record-type.js';
import type { EnumType, IntType, RecordField, ValueType } from '../src/value-type.js';

/** A record type of any shape, together with bytes of a record of it. */
export const arbitraryRecord: fc.Arbitrary<{ type: RecordType; bytes: Uint8Array }> = fc
  .letrec<{ value: ValueType; fields: readonly RecordField[] }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar(),
      fc.record({ kind: fc.constant('string' as const), sizeBytes: fc.nat(20) }),
      fc.tuple(tie('value'), fc.nat(3)).map(([element, length]) => array(element, length)),
      fc.tuple(fc.constantFrom('struct' as const, 'union' as const), tie('fields')).map(([kind, fields]) => ({
        kind,
        fields,
        sizeBytes: end(fields),
      })),
    ),
    fields: fc
      .uniqueArray(fc.tuple(fieldName(), tie('value'), fc.nat(2)), {
        minLength: 1,
        maxLength: 6,
        selector: ([name]) => name,
      })
      .map(place),
  }))
  .fields.chain((fields) => {
    const type: RecordType = { name: 'event', sizeBytes: end(fields), fields };
    return recordBytes(type.sizeBytes).map((bytes) => ({ type, bytes }));
  });

/** Hostile as often as usual. */
function fieldName(): fc.Arbitrary<string> {
  const usual = fc.constantFrom('pid', 'comm', 'comm_hex', 'comm_hex_');
  return fc.oneof(usual, fc.string({ unit: 'binary', minLength: 1 }));
}

/** Bytes that often are text, and often are at the edges of number ranges. */
function recordBytes(sizeBytes: number): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
    { weight: 2, arbitrary: fc.constantFrom(0, 0xff, 0x7f, 0x80, 0x1b, 0x5c, 0xe2, 0x80, 0xae) },
    { weight: 1, arbitrary: fc.nat(255) },
  );
  return fc.array(byte, { minLength: sizeBytes, maxLength: sizeBytes }).map((bytes) => Uint8Array.from(bytes));
}

function scalar(): fc.Arbitrary<ValueType> {
  const int: fc.Arbitrary<IntType> = fc.record({
    kind: fc.constant('int'),
    sizeBytes: fc.constantFrom(1, 2, 4, 8, 16),
    signed: fc.boolean(),
  });
  const enumeration: fc.Arbitrary<EnumType> = fc.record({
    kind: fc.constant('enum'),
    sizeBytes: fc.constantFrom(1, 2, 4, 8),
    signed: fc.boolean(),
    names: fc.constant(
      new Map([
        [0n, 'NONE'],
        [1n, 'A"\\\u202e'],
        [0x2020n, 'SPACES'],
        [255n, 'LAST'],
      ]),
    ),
  });
  const bool = fc.constant({ kind: 'bool', sizeBytes: 1 } as const);
  const bitfield = fc.tuple(fc.oneof(int, enumeration, bool), fc.nat(7), fc.nat(127)).map(([of, shiftBits, wish]) => {
    const bits = 1 + (wish % (of.sizeBytes * 8));
    return { kind: 'bitfield', sizeBytes: Math.ceil((shiftBits + bits) / 8), shiftBits, bits, of } as const;
  });
  const float = fc.record({ kind: fc.constant('float' as const), sizeBytes: fc.constantFrom(4 as const, 8 as const) });
  return fc.oneof(int, enumeration, bool, bitfield, float, fc.constant({ kind: 'pointer', sizeBytes: 8 } as const));
}

function array(element: ValueType, length: number): ValueType {
  return { kind: 'array', element, length, sizeBytes: element.sizeBytes * length };
}

function place(members: readonly (readonly [string, ValueType, number])[]): readonly RecordField[] {
  let next = 0;
  return members.map(([name, type, gap]) => {
    const offsetBytes = next + gap;
    next = offsetBytes + type.sizeBytes;
    return { name, offsetBytes, typeName: type.kind, type };
  });
}

function end(fields: readonly RecordField[]): number {
  return fields.reduce((furthest, { offsetBytes, type }) => Math.max(furthest, offsetBytes + type.sizeBytes), 0);
}
