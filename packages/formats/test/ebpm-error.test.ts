import { describe, expect, test } from 'vitest';
import { EbpmError } from '../src/index.js';

describe('EbpmError', () => {
  test('EbpmError carries code, message, hint, data and cause', () => {
    const cause = new Error('underneath');
    const error = new EbpmError('EBPM_X_Y', 'Cannot do it', { cause, hint: 'Type this', data: { errno: 1 } });
    expect(error).toMatchObject({ name: 'EbpmError', code: 'EBPM_X_Y', message: 'Cannot do it', hint: 'Type this' });
    expect([error.data, error.cause]).toEqual([{ errno: 1 }, cause]);
    expect(new EbpmError('EBPM_X_Y', 'Cannot do it')).toMatchObject({ hint: undefined, data: undefined });
  });

  test.each([
    ['a registry token', `token ebpm_${'Ab1_-'.repeat(6)} is wrong`, 'token [redacted] is wrong'],
    ['a bearer token', 'Authorization: Bearer abc.def-ghi=', 'Authorization: Bearer [redacted]'],
    ['basic credentials', 'Authorization: basic dXNlcjpwYXNz', 'Authorization: basic [redacted]'],
    ['a password in a URL', 'GET https://me:secret@example.com/x', 'GET https://[redacted]@example.com/x'],
  ])('EbpmError redacts %s', (_, message, redacted) => {
    const error = new EbpmError('EBPM_X_Y', message, { hint: message });
    expect([error.message, error.hint]).toEqual([redacted, redacted]);
  });

  test('EbpmError leaves names and addresses alone', () => {
    const message = 'Cannot fetch ebpm_short from https://example.com/@acme/x@1';
    expect(new EbpmError('EBPM_X_Y', message).message).toBe(message);
  });
});
