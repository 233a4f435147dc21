import { describe, expect, it } from 'vitest';
import { fieldAt } from '../src/field-path.js';
import { FIELD_PATH_LIMIT } from '../src/limits.js';
import { selectColumns } from '../src/select-columns.js';
import { eventType, s32, text, u16, u32 } from './event-type.js';

const TYPE = eventType({
  pid: u32,
  inner: (btf) => btf.struct('', { x: s32(btf), deep: btf.struct('', { name: text(4)(btf) }) }),
  grid: (btf) => btf.array(btf.array(u16(btf), 3), 2),
  points: (btf) => btf.array(btf.struct('point', { x: u16(btf), y: u16(btf) }), 2),
});

describe('fieldAt()', () => {
  it.each([
    ['pid', 0, 'u32'],
    ['inner.x', 4, 'int'],
    ['inner.deep.name', 8, 'char[4]'],
    ['grid[1]', 18, 'u16[3]'],
    ['grid[1][2]', 22, 'u16'],
    ['points[1].y', 30, 'u16'],
  ])('fieldAt() finds %s at byte %i', (path, offsetBytes, typeName) => {
    expect(fieldAt(TYPE, path)).toMatchObject({ name: path, offsetBytes });
    expect(fieldAt(TYPE, path).typeName).toBe(typeName);
  });

  it('fieldAt() takes the name of a field that has a point in it before any path', () => {
    const field = {
      name: 'key.pid',
      offsetBytes: 8,
      typeName: 'u8',
      type: { kind: 'int', sizeBytes: 1, signed: false },
    } as const;
    expect(fieldAt({ name: 'map', sizeBytes: 9, fields: [field] }, 'key.pid')).toEqual(field);
  });

  it.each([
    [
      'nope',
      'events of type "event" have no field "nope"',
      'pid, inner, inner.x, inner.deep, inner.deep.name, grid, points',
    ],
    ['inner.y', '"inner" is a struct without such a field', 'x, deep, deep.name'],
    [
      'pid.x',
      '"pid" is a single value, without fields or elements',
      'pid, inner, inner.x, inner.deep, inner.deep.name, grid, points',
    ],
    [
      'grid[2]',
      '"grid" is an array with 2 elements, counted from 0',
      'pid, inner, inner.x, inner.deep, inner.deep.name, grid, points',
    ],
    [
      '',
      'fields are written as name, outer.inner and array[0]',
      'pid, inner, inner.x, inner.deep, inner.deep.name, grid, points',
    ],
    [
      'pid.',
      'fields are written as name, outer.inner and array[0]',
      'pid, inner, inner.x, inner.deep, inner.deep.name, grid, points',
    ],
  ])('fieldAt() refuses "%s": %s', (path, reason, list) => {
    expect(() => fieldAt(TYPE, path)).toThrow(
      expect.objectContaining({
        code: 'EBPM_FIELD_UNKNOWN',
        message: `Cannot find field "${path}": ${reason}`,
        hint: `Fields: ${list}`,
      }),
    );
  });

  it('fieldAt() refuses an endless path', () => {
    expect(() => fieldAt(TYPE, 'a'.repeat(FIELD_PATH_LIMIT + 1))).toThrow('fields are written as');
  });
});

describe('selectColumns()', () => {
  it('selectColumns() keeps the wanted fields in the wanted order, where they are in the record', () => {
    const { fields, sizeBytes } = selectColumns(TYPE, ['points[1].y', 'pid']);
    expect(sizeBytes).toBe(TYPE.sizeBytes);
    expect(fields.map(({ name, offsetBytes }) => [name, offsetBytes])).toEqual([
      ['points[1].y', 30],
      ['pid', 0],
    ]);
  });

  it.each([
    [[], 'none is named'],
    [['pid', 'inner', 'pid'], '"pid" is named twice'],
    [new Array<string>(257).fill('pid'), '257 are named, the limit is 256'],
  ])('selectColumns() refuses such a list (%#): %s', (paths, reason) => {
    expect(() => selectColumns(TYPE, paths)).toThrow(
      expect.objectContaining({ code: 'EBPM_COLUMNS_INVALID', message: `Cannot choose columns: ${reason}` }),
    );
  });
});
