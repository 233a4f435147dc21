import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answerBrokenRequest } from '../../src/http/broken-request.js';

/** What a client reads when its request ends with such an error. */
async function answerTo(code: string): Promise<string> {
  const server = createServer((socket) => answerBrokenRequest(Object.assign(new Error('x'), { code }), socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const chunks: Buffer[] = [];
  client.on('data', (chunk) => chunks.push(chunk));
  await once(client, 'close');
  server.close();
  return Buffer.concat(chunks).toString();
}

describe('answerBrokenRequest()', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout', 'EBPM_REQUEST_TIMEOUT'],
    ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large', 'EBPM_REQUEST_TOO_LARGE'],
    ['HPE_INVALID_METHOD', '400 Bad Request', 'EBPM_REQUEST_INVALID'],
  ])('answers %s with %s', async (error, status, code) => {
    const [head = '', body = ''] = (await answerTo(error)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status}\r\n`);
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body).code).toBe(code);
  });

  it('says nothing to who has gone', async () => {
    expect(await answerTo('ECONNRESET')).toBe('');
  });
});
