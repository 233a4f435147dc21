import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createHttpServer } from '../../src/http/http-server.js';
import { dateLine, ReadyAnswer } from '../../src/http/ready-answer.js';
import { HTTP_LIMITS, MEMORY_LIMITS } from '../../src/limits.js';

const bytes = Buffer.from('a line, 8 bits: \u00e4\n').toString('latin1');
const short = Buffer.from(bytes, 'latin1');
const long = Buffer.alloc(MEMORY_LIMITS.textSizeBytes + 1, bytes, 'latin1');
const own = { requestId: 'id-1', date: dateLine(systemClock)() };
const BODIES = { '/short': short, '/long': long, '/empty': Buffer.alloc(0) };

/** The same answers, as they are and as Node sends them. */
const ready = createHttpServer((request, response) => answerOf(request.url).send(response, own), undefined);
const plain = createServer((request, response) => {
  const { status, headers, body } = partsOf(request.url);
  response.writeHead(status, { ...headers, 'ebpm-request-id': 'id-1' });
  response.end(body);
});
plain.keepAliveTimeout = HTTP_LIMITS.keepAliveTimeoutMs;

function partsOf(url = '') {
  if (url === '/known') return { status: 304 as const, headers: { etag: '"x"' } };
  const body = BODIES[url as keyof typeof BODIES];
  return { status: 200 as const, headers: { etag: '"x"', 'content-length': String(body.length) }, body };
}

function answerOf(url: string | undefined): ReadyAnswer {
  return new ReadyAnswer(partsOf(url));
}

beforeAll(async () => {
  for (const server of [ready, plain]) await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  for (const server of [ready, plain]) server.close().closeAllConnections();
});

/** What a server sends for this text until the last answer is there or the connection ends. */
async function sent(server: Server, text: string, length?: number): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(text);
  let all = '';
  for await (const chunk of socket.setEncoding('latin1')) {
    all += chunk;
    if (all.length === length) break;
  }
  return all;
}

/** The lines of the head in one order and spelling, without the time, and the body. */
function parts(answer: string): readonly unknown[] {
  const end = answer.indexOf('\r\n\r\n');
  const [status, ...headers] = answer.slice(0, end).split('\r\n');
  return [status, headers.map(comparable).sort(), answer.slice(end + 4)];
}

function comparable(line: string): string {
  return line.replace(/^[^:]+/, (name) => name.toLowerCase()).replace(/^(date: ).* GMT$/, '$1now');
}

describe('ReadyAnswer', () => {
  it.each(['/short', '/long', '/empty', '/known'])(
    'sends %s as Node does, on a connection that stays open',
    async (path) => {
      const ask = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
      const closing = `GET /empty HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const [got, expected] = await Promise.all([sent(ready, ask + closing), sent(plain, ask + closing)]);
      const lastOf = (all: string) => all.lastIndexOf('HTTP/1.1 200 OK');
      expect(parts(got.slice(0, lastOf(got)))).toEqual(parts(expected.slice(0, lastOf(expected))));
      expect(parts(got.slice(lastOf(got)))).toEqual(parts(expected.slice(lastOf(expected))));
    },
  );

  it.each(['HTTP/1.0', 'HTTP/1.1\r\nConnection: close'])(
    'sends it as Node does to %s, and the connection ends',
    async (protocol) => {
      const ask = `GET /short ${protocol}\r\nHost: x\r\n\r\n`;
      expect(parts(await sent(ready, ask))).toEqual(parts(await sent(plain, ask)));
    },
  );

  it('keeps the order of requests that come at once', async () => {
    const paths = ['/long', '/short', '/known', '/empty', '/short'];
    const asks = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('');
    const expected = (await Promise.all(paths.map((path) => sentOnce(path)))).join('');
    expect(await sent(ready, asks, expected.length)).toBe(expected);
  });

  it('is put together here, not by Node, where the connection stays open', async () => {
    expect(await sentOnce('/short')).toMatch(/\r\nconnection: keep-alive\r\nkeep-alive: timeout=\d+\r\ndate: /);
  });

  it('refuses headers that would be two', () => {
    expect(() => new ReadyAnswer({ status: 200, headers: { etag: '"x"\r\nevil: 1' } })).toThrow(/etag/);
    expect(() => new ReadyAnswer({ status: 200, headers: { 'evil: 1\r\nx': '' } })).toThrow(/evil/);
  });
});

describe('dateLine()', () => {
  it('is as RFC 9110 has it, and another one in another second', () => {
    let nowMs = Date.parse('2026-11-26T12:00:00.900Z');
    const line = dateLine({ nowMs: () => nowMs });
    expect(line()).toBe('date: Thu, 26 Nov 2026 12:00:00 GMT\r\n');
    nowMs += 100;
    expect(line()).toBe('date: Thu, 26 Nov 2026 12:00:01 GMT\r\n');
  });
});

async function sentOnce(path: string): Promise<string> {
  const all = await sent(
    ready,
    `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\nGET /known HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  return all.slice(0, all.lastIndexOf('HTTP/1.1 304'));
}
