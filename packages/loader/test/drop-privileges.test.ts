import { describe, expect, it } from 'vitest';
import { isUnprivileged } from '../src/drop-privileges.js';

const DROPPED = [
  'Name:\tnode',
  'Uid:\t65534\t65534\t65534\t65534',
  'Gid:\t65533\t65533\t65533\t65533',
  'Groups:\t ',
  'CapInh:\t0000000000000000',
  'CapPrm:\t0000000000000000',
  'CapEff:\t0000000000000000',
  'CapBnd:\t000001ffffffffff',
  'CapAmb:\t0000000000000000',
  'NoNewPrivs:\t1',
].join('\n');

describe('isUnprivileged()', () => {
  it('isUnprivileged() accepts a thread that has given up everything', () => {
    expect(isUnprivileged(DROPPED, 65534, 65533)).toBe(true);
  });

  it('isUnprivileged() accepts the groups that it is told, and no others', () => {
    const grouped = DROPPED.replace('Groups:\t ', 'Groups:\t4 27 65533 ');
    expect(isUnprivileged(grouped, 65534, 65533, [65533, 27, 4, 5])).toBe(true);
    expect(isUnprivileged(grouped, 65534, 65533, [65533, 27])).toBe(false);
  });

  it.each([
    ['a saved user id of root', '65534\t65534\t65534\t65534', '65534\t65534\t0\t65534'],
    ['another group id', '65533\t65533', '65533\t0'],
    ['a group', 'Groups:\t ', 'Groups:\t0 '],
    ['a permitted capability', 'CapPrm:\t0000000000000000', 'CapPrm:\t0000000000200000'],
    ['an effective capability', 'CapEff:\t0000000000000000', 'CapEff:\t0000008000000000'],
    ['an ambient capability', 'CapAmb:\t0000000000000000', 'CapAmb:\t0000000000000001'],
    ['the chance of new privileges', 'NoNewPrivs:\t1', 'NoNewPrivs:\t0'],
    ['no word about new privileges', 'NoNewPrivs:\t1', ''],
  ])('isUnprivileged() refuses a thread with %s', (_, from, to) => {
    expect(DROPPED).toContain(from);
    expect(isUnprivileged(DROPPED.replace(from, to), 65534, 65533)).toBe(false);
  });
});
