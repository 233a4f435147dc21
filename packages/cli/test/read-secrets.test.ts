import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readSecret, readSecrets } from '../src/read-secrets.js';

/** A keyboard. */
function keyboard() {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
}

async function typed(text: string): Promise<{ readonly token: string; readonly shown: string }> {
  const input = keyboard();
  let shown = '';
  const stderr = {
    write: (chunk: string | Uint8Array) => {
      shown += chunk;
      if (shown === 'Token: ') input.write(text);
    },
  };
  return { token: await readSecret(input, stderr, 'Token: '), shown };
}

describe('readSecret()', () => {
  test('readSecret() reads a pipe to its end, and asks nothing', async () => {
    const stderr = { write: () => expect.unreachable() };
    expect(await readSecret(Readable.from(['ebpm_', 'abc\n']), stderr, 'Token: ')).toBe('ebpm_abc');
  });

  test('readSecrets() takes a line of a pipe for each, and refuses more', async () => {
    const stderr = { write: () => expect.unreachable() };
    const from = (text: string) => readSecrets(Readable.from([text]), stderr, ['Old: ', 'New: ']);
    expect(await from('\nnew\n')).toEqual(['', 'new']);
    expect(await from('old\r\n')).toEqual(['old', '']);
    await expect(from('a\nb\nc\n')).rejects.toMatchObject({
      code: 'EBPM_USAGE_INVALID',
      message: 'Cannot use what stdin has: 3 lines, where 2 lines are wanted',
    });
    await expect(readSecret(Readable.from(['a\nb\n']), stderr, 'Token: ')).rejects.toMatchObject({
      message: 'Cannot use what stdin has: 2 lines, where 1 line is wanted',
    });
  });

  test('readSecret() refuses a pipe without end', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield 'x'.repeat(10_000);
      })(),
    );
    await expect(readSecret(endless, { write: () => {} }, '')).rejects.toMatchObject({ code: 'EBPM_USAGE_INVALID' });
  });

  test('readSecret() asks on a terminal, and shows nothing of what is typed', async () => {
    expect(await typed('ebpm_abx\u007fc\r')).toEqual({ token: 'ebpm_abc', shown: 'Token: \n' });
  });

  test('readSecret() gives nothing at the end of the input, and ends with 130 at Ctrl-C', async () => {
    expect(await typed('\u0004')).toEqual({ token: '', shown: 'Token: \n' });
    await expect(typed('abc\u0003')).rejects.toMatchObject({ oclif: { exit: 130 } });
  });
});
