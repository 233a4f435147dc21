import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.js';
import { HTTP_LIMITS } from '../src/limits.js';
import { publish, RegistryWorld, type Replica } from './registry-world.js';
import { samplePackage } from './sample-package.js';

let world: RegistryWorld;
let replica: Replica;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  await replica.app.listen({ port: 0 });
});
afterAll(() => world.close());

/** Sends bytes over a socket of its own and reads until the server ends it. */
async function exchange(text: string): Promise<string> {
  const socket = connect((replica.app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('buildApp()', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/api/v1/packages'],
    ['DELETE', '/api/v1/packages/sigsnoop'],
    ['POST', '/api/v1/search'],
  ] as const)('answers %s %s, which is no route, with 404', async (method, url) => {
    const answer = await replica.app.inject({ method, url });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'EBPM_ROUTE_NOT_FOUND']);
  });

  it.each([
    ['a path with broken percent-encoding', '/api/v1/packages/%zz', 400, 'EBPM_REQUEST_INVALID'],
    ['a name that is much too long', `/api/v1/packages/${'a'.repeat(400)}`, 431, 'EBPM_REQUEST_TOO_LARGE'],
    ['a name that is too long', `/api/v1/packages/${'a'.repeat(200)}`, 400, 'EBPM_REQUEST_INVALID'],
  ])('refuses %s', async (_what, url, status, code) => {
    const answer = await replica.app.inject(url);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it.each([
    ['what is not HTTP', 'hello\r\n\r\n', 400, 'EBPM_REQUEST_INVALID'],
    [
      'large headers',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(HTTP_LIMITS.headersSizeBytes)}\r\n\r\n`,
      431,
      'EBPM_REQUEST_TOO_LARGE',
    ],
    ['a path of 20 KB', `GET /${'y'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, 'EBPM_REQUEST_TOO_LARGE'],
  ])('answers %s on its socket and ends it', async (_what, text, status, code) => {
    const answer = await exchange(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('{'))).code).toBe(code);
  });

  it('refuses a body that is shorter than its content-length, and nothing is published', async () => {
    const token = await world.tokenOf('short', replica);
    const { digest } = samplePackage();
    const head = [
      'PUT /api/v1/packages/sigsnoop/versions/1.0.0 HTTP/1.1',
      'host: x',
      `authorization: Bearer ${token}`,
      'content-type: application/x-tar',
      `ebpm-digest: ${digest}`,
      'content-length: 5000',
    ];
    await exchange(`${head.join('\r\n')}\r\n\r\nonly this`);
    expect((await replica.app.inject('/api/v1/packages/sigsnoop')).statusCode).toBe(404);
  });

  it('gives every answer its own request id and takes none from the client', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const answer = await replica.app.inject({ url: '/healthz', headers: { 'request-id': 'mine' } });
        return answer.headers['ebpm-request-id'];
      }),
    );
    expect(new Set([...ids, 'mine']).size).toBe(3);
  });

  it('answers a failure of its own with 500 EBPM_INTERNAL and logs it under the request id', async () => {
    const lines: string[] = [];
    const logger = { level: 'info', stream: { write: (line: string) => lines.push(line) } };
    const broken = {
      ...replica.registry,
      packages: {
        package: () => {
          throw new Error('index is gone');
        },
      },
    };
    const app = buildApp({ registry: broken as never, logger });
    const answer = await app.inject('/api/v1/packages/sigsnoop');
    await app.close();
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'EBPM_INTERNAL']);
    expect(answer.body).not.toContain('index is gone');
    const logged = lines.find((line) => line.includes('index is gone'));
    expect(JSON.parse(logged ?? '{}').reqId).toBe(answer.json().data.request);
  });

  it('never logs a token', async () => {
    const lines: string[] = [];
    const stream = { write: (line: string) => lines.push(line) };
    const app = buildApp({
      registry: replica.registry,
      settings: { accessLog: true },
      logger: { level: 'trace', stream },
      accessLog: stream,
    });
    const token = await world.tokenOf('logged', replica);
    await publish({ ...replica, app }, token, samplePackage({ name: 'logged' }));
    await app.inject({ url: '/api/v1/whoami', headers: { authorization: `Bearer ${token}x` } });
    await app.close();
    expect(lines.join('').match(/"msg":"request"/g)).toHaveLength(2);
    expect(lines.join('')).not.toContain(token.slice(5));
  });

  it('sets limits on how long and how many clients may keep it waiting', () => {
    const { server } = replica.app;
    expect([server.headersTimeout, server.requestTimeout, server.maxConnections]).toEqual([
      HTTP_LIMITS.headersTimeoutMs,
      HTTP_LIMITS.requestTimeoutMs,
      HTTP_LIMITS.connections,
    ]);
  });
});
