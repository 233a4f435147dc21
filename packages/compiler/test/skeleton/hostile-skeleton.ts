import { Identifiers, identifierOf } from '../../src/skeleton/identifiers.js';
import type { RecordLayout } from '../../src/skeleton/layout.js';
import type { Skeleton } from '../../src/skeleton/skeleton.js';

const NAMES = [
  'int',
  'class',
  'a-b',
  'a b',
  'a_b',
  '_ZN4core3fmt5Write',
  '7th',
  '"; evil("',
  '*/ evil /*',
  '??/',
  'naïve',
  'ebpm_pad_0',
  '__x',
  '',
];

/** What no compiler of today writes, but an object may hold: programs, maps and members of any name. */
export const HOSTILE_SKELETON: Skeleton = hostile();

function hostile(): Skeleton {
  const members = new Identifiers();
  const word = { kind: 'scalar', scalar: 'u32', sizeBytes: 4 } as const;
  const record: RecordLayout = {
    name: '"); evil("',
    identifier: identifierOf('"); evil("'),
    union: false,
    sizeBytes: NAMES.length * 4,
    members: NAMES.map((name, at) => ({ identifier: members.of(name), offsetBytes: at * 4, layout: word })),
    bitfields: [],
  };
  const [maps, programs, globals] = [new Identifiers(), new Identifiers(), new Identifiers()];
  return {
    stem: '../*/evil.h"',
    identifier: identifierOf('../*/evil.h"'),
    object: Uint8Array.from({ length: 300 }, (_, at) => at),
    records: [record],
    printable: [record],
    globals: NAMES.map((name, at) => ({ identifier: globals.of(name), offsetBytes: at * 8, layout: word })),
    maps: NAMES.map((name) => ({
      name,
      identifier: maps.of(name),
      use: 'records',
      perCpu: false,
      record,
      key: word,
      value: word,
    })),
    programs: NAMES.map((name) => ({ name, identifier: programs.of(name), attachesItself: true })),
  };
}
