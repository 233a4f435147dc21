import { beforeAll, describe, expect, it } from 'vitest';
import { loadBinding, type NativeObject } from '../src/binding.js';
import { compileObject } from './compile-fixture.js';

// TypeScript keeps these calls from being written; the addon must survive them all the same.
const WRONG: readonly unknown[] = [undefined, null, 0, -1, 1.5, Number.NaN, 'x', '', true, {}, [], () => {}, 7n];
type Loose = Record<string, (...values: unknown[]) => unknown>;

describe('the addon', () => {
  let bytes: Uint8Array;
  beforeAll(() => {
    bytes = compileObject('events');
  });

  it('the addon refuses wrong arguments to every function, and does not crash', () => {
    const binding = loadBinding();
    const loose = binding as unknown as Loose;
    for (const wrong of WRONG) {
      expect(() => Reflect.construct(binding.BpfObject, [wrong, 'name'])).toThrow();
      if (typeof wrong !== 'string') {
        expect(() => Reflect.construct(binding.BpfObject, [bytes, wrong])).toThrow(TypeError);
      }
      if (typeof wrong !== 'number') expect(() => loose['probeMapType']?.(wrong)).toThrow(TypeError);
    }
    expect(() => (binding.BpfObject as unknown as () => void)()).toThrow();
  });

  it('the addon refuses wrong arguments to every method, and does not crash', () => {
    const object = new (loadBinding().BpfObject)(bytes, 'events', undefined);
    const loose = object as unknown as Loose;
    const methods = [
      'setAutoload',
      'setInitialValue',
      'setMaxEntries',
      'consumeRing',
      'consumePerf',
      'readMap',
      'updateMap',
      'deleteKeys',
    ];
    for (const method of [...methods, 'attach', 'initialValue', 'map']) {
      for (const wrong of WRONG.filter((value) => typeof value !== 'string')) {
        expect(() => loose[method]?.(wrong), method).toThrow(TypeError);
      }
    }
    for (const wrong of WRONG.filter((value) => typeof value !== 'function')) {
      expect(() => loose['consumeRing']?.('ring', wrong, 4096)).toThrow(TypeError);
      expect(() => loose['consumePerf']?.('perf', () => {}, 4096, 1, wrong)).toThrow(TypeError);
    }
    object.close();
  });

  it('the addon refuses methods on something else than its objects', () => {
    const object = new (loadBinding().BpfObject)(bytes, 'events', undefined);
    for (const receiver of [{}, null, Object.create(object), new Map()]) {
      expect(() => object.load.call(receiver as NativeObject)).toThrow();
    }
    object.close();
  });

  it('the addon refuses to consume, attach or read before the object is loaded', () => {
    const object = new (loadBinding().BpfObject)(bytes, 'events', undefined);
    expect(() => object.consumeRing('ring', () => {}, 4096)).toThrow();
    expect(() => object.consumePerf('perf', () => {}, 4096, 1, Int32Array.of(0))).toThrow();
    expect(() => object.attach('to_ring')).toThrow();
    expect(() => object.readMap('calls', 1000, false)).toThrow();
    expect(() => object.updateMap('calls', new Uint8Array(8), new Uint8Array(8))).toThrow();
    expect(() => object.deleteKeys('calls', new Uint8Array(8))).toThrow();
    object.close();
  });

  it('the addon refuses everything on a closed object, and closes twice', () => {
    const object = new (loadBinding().BpfObject)(bytes, 'events', undefined);
    object.close();
    object.close();
    for (const call of [() => object.load(), () => object.programs(), () => object.maps(), () => object.map('ring')]) {
      expect(call).toThrow(TypeError);
    }
  });
});
