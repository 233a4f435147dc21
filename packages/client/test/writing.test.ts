import { EbpmError } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { writing } from '../src/writing.js';
import { refused } from './refused.js';

const fail = (error: Error) => writing(() => Promise.reject(error));

describe('writing()', () => {
  test('writing() tells what the system refuses', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), {
      code: 'ENOSPC',
      errno: -28,
      path: '/x',
    });
    await expect(fail(full)).rejects.toMatchObject({
      code: 'EBPM_STORE_UNWRITABLE',
      data: { errno: 'ENOSPC', path: '/x' },
    });
  });

  test('writing() passes other errors on', async () => {
    await expect(fail(new EbpmError('EBPM_NAME_INVALID', 'x'))).rejects.toEqual(refused('EBPM_NAME_INVALID'));
    await expect(fail(new TypeError('slip'))).rejects.toThrow(TypeError);
  });
});
