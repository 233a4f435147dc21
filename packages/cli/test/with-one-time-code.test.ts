import { PassThrough, Readable } from 'node:stream';
import { EbpmError } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { withOneTimeCode } from '../src/with-one-time-code.js';

const QUESTION = 'Code of your authenticator app: ';
const WANTED = new EbpmError('EBPM_OTP_REQUIRED', 'the request has none', { data: { status: 403 } });
const NONE_SET_UP = new EbpmError('EBPM_OTP_REQUIRED', 'you have none set up', { data: { isSetUp: false } });

/** What the registry got, what was shown, and what came of it. */
async function ask(refusal: EbpmError, { code, typed }: { readonly code?: string; readonly typed?: string }) {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const stdin = typed === undefined ? Readable.from(['123456\n']) : keyboard;
  let shown = '';
  const stderr = {
    write: (text: string | Uint8Array) => {
      shown += text;
      if (shown === QUESTION) keyboard.write(`${typed}\r`);
    },
  };
  const sent: (string | undefined)[] = [];
  const result = await withOneTimeCode({ code, stdin, stderr }, async (otp) => {
    sent.push(otp);
    if (sent.length === 1) throw refusal;
    return 'done';
  }).catch((error: unknown) => (error as EbpmError).code);
  return { sent, shown, result };
}

describe('withOneTimeCode()', () => {
  test('withOneTimeCode() asks on a terminal, once the registry wants a code', async () => {
    expect(await ask(WANTED, { typed: '123 456' })).toEqual({
      sent: [undefined, '123456'],
      shown: `${QUESTION}\n`,
      result: 'done',
    });
  });

  test('withOneTimeCode() sends nothing that is no code', async () => {
    const { sent, result } = await ask(WANTED, { typed: '' });
    expect({ sent, result }).toEqual({ sent: [undefined], result: 'EBPM_USAGE_INVALID' });
  });

  test.each([
    ['without a terminal', WANTED, {}],
    ['when one was typed', WANTED, { code: '111111', typed: '222222' }],
    ['who has none set up', NONE_SET_UP, { typed: '222222' }],
    ['for what is refused otherwise', new EbpmError('EBPM_OTP_WRONG', 'it was used before'), { typed: '222222' }],
  ] as const)('withOneTimeCode() asks nobody %s', async (_, refusal, given) => {
    const sent = 'code' in given ? [given.code] : [undefined];
    expect(await ask(refusal, given)).toEqual({ sent, shown: '', result: refusal.code });
  });
});
