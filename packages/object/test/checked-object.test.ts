import { describe, expect, it } from 'vitest';
import { CheckedObject } from '../src/checked-object.js';
import { readObject } from '../src/read-object.js';
import { compileFixture } from './compile-fixture.js';

describe('CheckedObject', () => {
  it('CheckedObject.read() keeps a copy that later changes of the given bytes do not reach', () => {
    const bytes = Uint8Array.from(compileFixture('tracer').bytes);
    const checked = CheckedObject.read(bytes);
    const before = bytes.slice();
    bytes.fill(0);
    expect(checked.bytes).toEqual(before);
    expect(checked.object.programs).toEqual(readObject(before).programs);
  });

  it('CheckedObject.read() refuses what readObject() refuses', () => {
    expect(() => CheckedObject.read(new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'EBPM_ELF_INVALID' }));
  });

  it('CheckedObject.is() is not deceived by something of the same shape', () => {
    const checked = CheckedObject.read(compileFixture('tracer').bytes);
    expect(CheckedObject.is(checked)).toBe(true);
    expect(CheckedObject.is({ ...checked })).toBe(false);
    expect(CheckedObject.is(Object.create(checked))).toBe(false);
    expect(CheckedObject.is(checked.bytes)).toBe(false);
  });
});
