import { EbpmError } from '@ebpm/formats';
import fastify, { LogController } from 'fastify';
import { expect, test } from 'vitest';
import { REGISTRY_ERRORS } from '../../src/errors.js';
import { answerErrors } from '../../src/http/answer-errors.js';

/** The numbers of the levels, https://github.com/pinojs/pino/blob/v10.0.0/docs/api.md#loggerlevels-object */
const [WARN, ERROR] = [40, 50];

const BROUGHT_ABOUT = [
  'EBPM_LOG_BUSY',
  'EBPM_OUTBOUND_ANSWER_INVALID',
  'EBPM_OUTBOUND_FAILED',
  'EBPM_REGISTRY_BEHIND',
  'EBPM_REGISTRY_BUSY',
  'EBPM_REGISTRY_CLOSING',
  'EBPM_REGISTRY_OVERLOADED',
];

/** What the server's log has of a request that ends with the error. */
async function logged(error: Error): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const app = fastify({
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
    logController: new LogController({ disableRequestLogging: true }),
  });
  answerErrors(app);
  app.get('/', async () => Promise.reject(error));
  await app.inject('/');
  await app.close();
  return lines.map((line) => JSON.parse(line));
}

test.each(Object.entries(REGISTRY_ERRORS))('answer() logs %s as its cause deserves', async (code, { status }) => {
  const entries = await logged(new EbpmError(code as keyof typeof REGISTRY_ERRORS, 'Cannot do it: so'));
  if (BROUGHT_ABOUT.includes(code)) {
    expect(entries).toEqual([expect.objectContaining({ level: WARN, code, msg: 'Cannot do it: so' })]);
    expect(JSON.stringify(entries)).not.toContain('stack');
  } else if (status >= 500) {
    const err = expect.objectContaining({ code, stack: expect.any(String) });
    expect(entries).toEqual([expect.objectContaining({ level: ERROR, msg: 'request failed', err })]);
  } else {
    expect(entries).toEqual([]);
  }
});

test('answer() logs what nobody thought of with its stack', async () => {
  const err = expect.objectContaining({ message: 'boom', stack: expect.any(String) });
  expect(await logged(new TypeError('boom'))).toEqual([expect.objectContaining({ level: ERROR, err })]);
});
