import { EbpmError } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { REGISTRY_ERRORS } from '../../src/errors.js';
import { errorAnswer } from '../../src/http/error-answer.js';

describe('errorAnswer()', () => {
  const isInside = ([code, { status }]: [string, { status: number }]) =>
    status === 500 || code.startsWith('EBPM_STORE_');

  it.each(Object.entries(REGISTRY_ERRORS).filter((row) => !isInside(row)))(
    'gives %s its status from the table',
    (code, { status }) => {
      const error = new EbpmError(code as keyof typeof REGISTRY_ERRORS, 'Cannot do it: so', { data: { n: 1 } });
      const answer = errorAnswer(error, 'id');
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ code, message: 'Cannot do it: so', data: { n: 1 } });
    },
  );

  it.each(Object.entries(REGISTRY_ERRORS).filter(isInside))(
    'tells only the meaning of %s',
    (code, { status, meaning }) => {
      const error = new EbpmError(code as keyof typeof REGISTRY_ERRORS, 'Cannot read "/srv/registry"', {
        hint: '/srv',
      });
      expect(errorAnswer(error, 'r-1')).toMatchObject({
        status,
        body: { code, message: `Cannot answer: ${meaning}`, data: { request: 'r-1' } },
      });
    },
  );

  it('hands the hint on', () => {
    const answer = errorAnswer(new EbpmError('EBPM_TAG_REQUIRED', 'Cannot', { hint: 'type this' }), 'id');
    expect(answer.body).toEqual({ code: 'EBPM_TAG_REQUIRED', message: 'Cannot', data: { hint: 'type this' } });
  });

  it('says when who has to wait may try again', () => {
    const answer = errorAnswer(new EbpmError('EBPM_LOGIN_THROTTLED', 'Cannot', { data: { seconds: 8 } }), 'id');
    expect([answer.status, answer.headers]).toEqual([429, { 'retry-after': '8' }]);
  });

  it('leaves data out when there is none', () => {
    expect(errorAnswer(new EbpmError('EBPM_LOG_BUSY', 'Cannot'), 'id').body).toEqual({
      code: 'EBPM_LOG_BUSY',
      message: 'Cannot',
    });
  });

  it.each([
    ['EBPM_ARCHIVE_TOO_LARGE', 413],
    ['EBPM_ARCHIVE_PATH', 422],
    ['EBPM_MANIFEST_INVALID', 422],
  ] as const)("answers a package's fault %s with %i", (code, status) => {
    expect(errorAnswer(new EbpmError(code, 'Cannot'), 'id').status).toBe(status);
  });

  it.each([
    ['503', 'EBPM_LOG_BUSY', { 'retry-after': '2' }],
    ['401', 'EBPM_TOKEN_INVALID', { 'www-authenticate': 'Bearer' }],
    ['404', 'EBPM_PACKAGE_NOT_FOUND', {}],
  ] as const)('adds the headers of %s', (_status, code, headers) => {
    expect(errorAnswer(new EbpmError(code, 'Cannot'), 'id').headers).toEqual(headers);
  });

  it.each([
    ['an unknown error', new Error('SELECT secret FROM tokens')],
    ['EBPM_INTERNAL', new EbpmError('EBPM_INTERNAL', 'SELECT secret FROM tokens')],
    ['a code of no table', new EbpmError('EBPM_ELSEWHERE', 'SELECT secret FROM tokens')],
    ['no error at all', 'SELECT secret FROM tokens'],
    ["a library's server error", Object.assign(new Error('SELECT secret FROM tokens'), { statusCode: 500 })],
  ])('tells nothing about %s but the request id', (_what, error) => {
    expect(errorAnswer(error, 'r-1')).toEqual({
      status: 500,
      body: {
        code: 'EBPM_INTERNAL',
        message: `Cannot answer: ${REGISTRY_ERRORS.EBPM_INTERNAL.meaning}`,
        data: { request: 'r-1' },
      },
      headers: {},
    });
  });
});
