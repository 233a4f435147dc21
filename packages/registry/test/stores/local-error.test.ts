import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../src/http/error-answer.js';
import { localError } from '../../src/stores/local-error.js';

const errno = (code: string) => Object.assign(new Error(`${code}: something, link`), { code });

describe('localError()', () => {
  it.each(['ENOSPC', 'EDQUOT'])('says of %s that there is no room, which is answered with 507', (code) => {
    const error = localError('refused', 'Cannot write "log/000000000002"', errno(code));
    expect(error).toMatchObject({ code: 'EBPM_STORE_FULL', outcome: 'refused', data: { errno: code } });
    const { status, body } = errorAnswer(error, 'request-1');
    expect([status, body.code, body.data]).toEqual([507, 'EBPM_STORE_FULL', { request: 'request-1' }]);
    expect(body.message).not.toContain('log/');
  });

  it('says no more than it knows when the write may have happened, and of other errors', () => {
    const inDoubt = localError('ambiguous', 'Cannot write "log/000000000002"', errno('ENOSPC'));
    expect(inDoubt).toMatchObject({ code: 'EBPM_STORE_UNAVAILABLE', hint: expect.stringContaining('Make room') });
    expect(localError('refused', 'Cannot write', errno('EACCES'))).toMatchObject({ code: 'EBPM_STORE_REFUSED' });
  });
});
