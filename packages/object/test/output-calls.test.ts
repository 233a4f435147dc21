import { describe, expect, test } from 'vitest';
import { outputCalls } from '../src/output-calls.js';
import { readObject } from '../src/read-object.js';
import { compileFixture, linkFixture } from './compile-fixture.js';

const { bytes } = compileFixture('outputs');
const CALLS = outputCalls(bytes, readObject(bytes).maps);

/** The calls that send to a map, without its name. */
function calls(map: string) {
  return CALLS.filter((call) => call.map === map).map(({ sizeBytes, fromMap }) => ({ sizeBytes, fromMap }));
}

describe('outputCalls()', () => {
  test.each([
    ['reserved', [{ sizeBytes: 40, fromMap: undefined }]],
    ['sent', [{ sizeBytes: 4, fromMap: undefined }]],
    ['perf', [{ sizeBytes: 4, fromMap: undefined }]],
    ['unused', []],
  ])('outputCalls() finds what is sent to "%s"', (map, expected) => {
    expect(calls(map)).toEqual(expected);
  });

  test('outputCalls() finds both sizes of a map that is sent two, in one call or in two', () => {
    // clang may join the two calls, whose sizes are then not the same on every path.
    const sizes = calls('mixed').map(({ sizeBytes }) => sizeBytes);
    expect([[4, 40], [40, 4], [undefined]]).toContainEqual(sizes);
  });

  test('outputCalls() sees through a loop that a value of a map is sent, and that its size is not known', () => {
    expect(calls('of_value')).toEqual([{ sizeBytes: undefined, fromMap: 'heap' }]);
  });

  test('outputCalls() knows no size that is chosen while the program runs', () => {
    expect(calls('chosen')).toEqual([{ sizeBytes: undefined, fromMap: 'heap' }]);
  });

  test('outputCalls() finds the same in what libbpf linked', () => {
    const linked = linkFixture('outputs').bytes;
    const found = outputCalls(linked, readObject(linked).maps);
    const key = (call: (typeof found)[number]) => JSON.stringify(call);
    expect(found.map(key).sort()).toEqual(CALLS.map(key).sort());
  });

  test('outputCalls() finds nothing in an object without maps', () => {
    const plain = compileFixture('stripped').bytes;
    expect(outputCalls(plain, readObject(plain).maps)).toEqual([]);
  });
});
