import { writeEunomiaPackage } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { objectsInWasm } from '../../src/facts/objects-in-wasm.js';
import { stripFixture } from '../compile-fixture.js';
import { wasmModule } from '../wasm-module.js';

const TRACER = stripFixture('tracer').bytes;
const MAPS = stripFixture('maps').bytes;

/** Other data around it, as a linker puts it. */
function among(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([1, 2, 3, 0x7f, 0x45, 0x4c, 0x46, 9, ...bytes, 7, 7, 7]);
}

describe('objectsInWasm()', () => {
  test('objectsInWasm() finds objects among other data, whole and in their order', () => {
    const module = wasmModule([{ address: 1024, bytes: among(Uint8Array.from([...TRACER, ...MAPS])) }]);
    expect(objectsInWasm(module)).toEqual([TRACER, MAPS]);
  });

  test('objectsInWasm() finds an object whose runs of zeros were left out', () => {
    const half = TRACER.length >>> 1;
    const start = TRACER.findIndex((_, at) => at > half && TRACER.subarray(at, at + 24).every((byte) => byte === 0));
    expect(start).toBeGreaterThan(half);
    const module = wasmModule([
      { address: 5000 + start + 24, bytes: TRACER.subarray(start + 24) },
      { address: 5000, bytes: TRACER.subarray(0, start) },
    ]);
    expect(objectsInWasm(module)).toEqual([TRACER]);
  });

  test('objectsInWasm() finds an object that the module copies into memory itself', () => {
    expect(objectsInWasm(wasmModule([{ bytes: TRACER }]))).toEqual([TRACER]);
  });

  test('objectsInWasm() finds the object of a package.json that is a text of C', () => {
    const meta = { bpf_skel: { obj_name: 'x', maps: [], progs: [], data_sections: [] }, export_types: [] };
    const text = writeEunomiaPackage({ object: MAPS, meta });
    const module = wasmModule([{ address: 64, bytes: new TextEncoder().encode(`head\0${text}\0tail`) }]);
    expect(objectsInWasm(module)).toEqual([MAPS]);
  });

  test.each([
    ['whatever key is the first', (text: string) => `{"name":"x",${text.slice(1)}`],
    ['with blanks', (text: string) => `{\n    ${text.slice(1)}`],
  ])('objectsInWasm() finds a package.json %s, among short texts of JSON', (_, change) => {
    const meta = { bpf_skel: { obj_name: 'x', maps: [], progs: [], data_sections: [] }, export_types: [] };
    const text = change(writeEunomiaPackage({ object: MAPS, meta }));
    const shorts = Array.from({ length: 40 }, (_, n) => `{"n":${n}}\0`).join('');
    const module = wasmModule([{ address: 64, bytes: new TextEncoder().encode(`${shorts}${text}\0{"tail":1}\0`) }]);
    expect(objectsInWasm(module)).toEqual([MAPS]);
  });

  test('objectsInWasm() gives the header of an object that is cut off', () => {
    const [torn] = objectsInWasm(wasmModule([{ address: 0, bytes: TRACER.subarray(0, 2000) }]));
    expect(torn).toEqual(TRACER.subarray(0, 64));
  });

  test('objectsInWasm() finds nothing in a module without data, or that is cut off', () => {
    expect(objectsInWasm(wasmModule([]))).toEqual([]);
    expect(objectsInWasm(wasmModule([{ address: 0, bytes: TRACER }]).subarray(0, 500))).toEqual([]);
    expect(objectsInWasm(Uint8Array.of(0, 0x61, 0x73, 0x6d))).toEqual([]);
  });
});
