import { expect, it } from 'vitest';
import { annotated } from '../../src/meta/annotated.js';

it('annotated() adds the annotations of the part with that name', () => {
  const docs = new Map([
    ['a', '@weight 1'],
    ['b', '@weight 2'],
  ]);
  expect(annotated({ name: 'a' }, 'a', docs)).toEqual({ name: 'a', weight: 1 });
  expect(annotated({ name: 'c' }, 'c', docs)).toEqual({ name: 'c' });
});

it('annotated() refuses an annotation that would replace what the object says', () => {
  expect(() => annotated({ name: 'a', type: 'int' }, 'a', new Map([['a', '@type long']]))).toThrow(
    expect.objectContaining({
      code: 'EBPM_BUILD_ANNOTATION',
      message: 'Cannot use @type of "a": it is taken from the source itself',
    }),
  );
});
