import { CheckedObject } from '@ebpm/object';
import { beforeAll, describe, expect, it } from 'vitest';
import { openObject } from '../src/open-object.js';
import { compileObject } from './compile-fixture.js';

describe('openObject()', () => {
  let bytes: Uint8Array;
  beforeAll(() => {
    bytes = compileObject('events');
  });

  it('openObject() lists programs and maps as libbpf sees them', () => {
    const object = openObject(bytes, { name: 'events' });
    expect(object.programs[0]).toEqual({ name: 'to_ring', section: 'raw_tp/sys_enter', type: 17, autoload: false });
    expect(object.maps).toContainEqual({
      name: 'calls',
      type: 1,
      keySizeBytes: 8,
      valueSizeBytes: 8,
      maxEntries: 20_000,
      internal: false,
    });
    expect(object.maps.filter(({ internal }) => internal).map(({ name }) => name)).toEqual([
      'events.rodata',
      'events.bss',
    ]);
    object.close();
  });

  it('openObject() refuses what our own reader refuses', () => {
    for (const hostile of [new Uint8Array(0), new Uint8Array(64), bytes.subarray(0, 1000), Buffer.from('\x7fELF')]) {
      expect(() => openObject(hostile, { name: 'x' })).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^EBPM_(ELF|OBJECT|BTF)_/) }),
      );
    }
  });

  it('openObject() takes an object that was checked before', () => {
    const object = openObject(CheckedObject.read(bytes), { name: 'events' });
    expect(object.programs[0]?.name).toBe('to_ring');
    object.close();
  });

  it('openObject() opens or refuses changed bytes, and does not crash', () => {
    let refused = 0;
    const rounds = 300;
    for (let round = 0; round < rounds; round++) {
      const changed = Uint8Array.from(bytes);
      // A fixed walk over the file (prime steps), so that a failure can be repeated.
      for (const step of [0, 104_729, 209_458]) {
        const index = (round * 7919 + step) % bytes.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << (round % 8));
      }
      try {
        openObject(changed, { name: 'changed' }).close();
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^EBPM_/) });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it.each(['', 'a\0b', 'x'.repeat(256)])('openObject() refuses the name %j', (name) => {
    expect(() => openObject(bytes, { name })).toThrow(TypeError);
  });
});

describe('OpenObject', () => {
  let bytes: Uint8Array;
  beforeAll(() => {
    bytes = compileObject('events');
  });

  it('setInitialValue() replaces the bytes of a data section, which goes by both of its names', () => {
    const object = openObject(bytes, { name: 'events' });
    const value = object.initialValue('.rodata') ?? new Uint8Array();
    expect(value.every((byte) => byte === 0)).toBe(true);
    value[0] = 42;
    expect(object.initialValue('.rodata')?.[0]).toBe(0);
    object.setInitialValue('events.rodata', value);
    expect(object.initialValue('.rodata')).toEqual(value);
    object.close();
  });

  it.each([
    ['.rodata', 19, 'EBPM_MAP_VALUE_INVALID', '19 bytes were given, 20 are wanted'],
    ['.rodata', 21, 'EBPM_MAP_VALUE_INVALID', '21 bytes were given, 20 are wanted'],
    ['calls', 8, 'EBPM_MAP_VALUE_INVALID', 'it is not the map of a data section'],
    ['nothing', 8, 'EBPM_MAP_UNKNOWN', 'the object has no map of that name'],
  ])('setInitialValue() refuses %s with %d bytes', (map, size, code, reason) => {
    const object = openObject(bytes, { name: 'events' });
    expect(() => object.setInitialValue(map, new Uint8Array(size))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(reason) }),
    );
    object.close();
  });

  it('setMaxEntries() resizes a map, and refuses what is no size', () => {
    const object = openObject(bytes, { name: 'events' });
    object.setMaxEntries('calls', 7);
    expect(object.maps.find(({ name }) => name === 'calls')?.maxEntries).toBe(7);
    for (const wrong of [0, -1, 1.5, 2 ** 32, Number.NaN]) {
      expect(() => object.setMaxEntries('calls', wrong)).toThrow(
        expect.objectContaining({ code: 'EBPM_MAP_VALUE_INVALID' }),
      );
    }
    object.close();
  });

  it('setAutoload() chooses programs, and refuses one that is not there', () => {
    const object = openObject(bytes, { name: 'events' });
    object.setAutoload('to_perf', true);
    expect(object.programs.filter(({ autoload }) => autoload).map(({ name }) => name)).toEqual(['to_perf']);
    expect(() => object.setAutoload('nothing', true)).toThrow(
      expect.objectContaining({ code: 'EBPM_PROGRAM_UNKNOWN' }),
    );
    object.close();
  });

  it('close() may be called twice; whatever else comes after it is a TypeError', () => {
    const object = openObject(bytes, { name: 'events' });
    object.close();
    object.close();
    for (const call of [() => object.load(), () => object.programs, () => object.initialValue('.rodata')]) {
      expect(call).toThrow(new TypeError('The object is no longer usable here: it has been closed'));
    }
  });
});
