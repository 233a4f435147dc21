import { describe, expect, test } from 'vitest';
import { BtfExtension } from '../src/btf-extension.js';
import { readObject } from '../src/read-object.js';
import { compileFixture } from './compile-fixture.js';
import { expectRefused } from './refused.js';

const { bytes } = compileFixture('outputs');
const { btf } = readObject(bytes);

describe('BtfExtension', () => {
  test('BtfExtension adds types behind those of the object, which stay as they are', () => {
    const more = new BtfExtension(bytes);
    const int = more.int('pid_t', 4, 'signed');
    const char = more.int('char', 1, 'unsigned');
    const name = more.array(char, int, 16);
    const event = more.struct('event', 24, [
      { name: 'pid', typeId: int, offsetBits: 0 },
      { name: 'comm', typeId: name, offsetBits: 32 },
      { name: 'on', typeId: more.int('bool', 1, 'bool'), offsetBits: 160 },
    ]);
    const all = more.read();
    expect(all.count).toBe((btf?.count ?? 0) + 5);
    for (let id = 0; id < (btf?.count ?? 0); id++) expect(all.type(id)).toEqual(btf?.type(id));
    expect(all.find('event')?.id).toBe(event);
    expect(all.sizeOf(event)).toBe(24);
    expect(all.nameOf(name)).toBe('char[16]');
  });

  test('BtfExtension refuses what lies outside of its struct', () => {
    const more = new BtfExtension(bytes);
    more.struct('event', 4, [{ name: 'pid', typeId: more.int('int', 4, 'signed'), offsetBits: 8 }]);
    expectRefused(() => more.read(), 'EBPM_BTF_INVALID', 'ends at bit 40 of 32');
  });
});
