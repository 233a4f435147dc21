import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Http, type HttpSettings } from '../src/http.js';
import { type Answer, type LoopbackServer, listen, serve, stop } from './loopback-server.js';
import { refused } from './refused.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function server(answer: Answer): Promise<LoopbackServer> {
  const started = await serve(answer);
  open.push(started);
  return started;
}

function http(settings: Partial<HttpSettings> = {}): Http {
  const created = new Http({ userAgent: 'ebpm/test', retryDelaysMs: [], ...settings });
  open.push(created);
  return created;
}

const GET = { method: 'GET', maxBytes: 1000 } as const;

describe('Http', () => {
  test('Http.send() gives status, headers and body, and says who asks', async () => {
    const { url, seen } = await server((_, response) => response.writeHead(418, { 'x-a': 'b' }).end('tea'));
    const answer = await http().send({ ...GET, url: `${url}/pot`, token: 't1' });
    expect({ ...answer, body: Buffer.from(answer.body).toString() }).toMatchObject({
      status: 418,
      headers: { 'x-a': 'b' },
      body: 'tea',
    });
    expect(seen).toMatchObject([
      { method: 'GET', path: '/pot', headers: { 'user-agent': 'ebpm/test', authorization: 'Bearer t1' } },
    ]);
  });

  test('Http.send() sends a body', async () => {
    const { url, seen } = await server((_, response) => response.end());
    await http().send({ ...GET, method: 'PUT', url, body: Buffer.from('bytes') });
    expect(seen.map(({ body }) => body.toString())).toEqual(['bytes']);
  });

  test('Http.send() follows a redirect, and sends the token to its own origin alone', async () => {
    const other = await server((_, response) => response.end('from the other one'));
    const own = await server(({ path }, response) => {
      const location = path === '/a' ? '/b' : `${other.url}/c`;
      response.writeHead(302, { location }).end();
    });
    const { body } = await http().send({ ...GET, url: `${own.url}/a`, token: 'secret' });
    expect(Buffer.from(body).toString()).toBe('from the other one');
    expect(own.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('Http.send() does not follow a redirect of a PUT', async () => {
    const { url, seen } = await server((_, response) => response.writeHead(307, { location: '/b' }).end());
    expect(await http().send({ ...GET, method: 'PUT', url })).toMatchObject({ status: 307 });
    expect(seen).toHaveLength(1);
  });

  test('Http.send() refuses redirects without end, and those to what is no web address', async () => {
    const { url } = await server(({ path }, response) => {
      response.writeHead(301, { location: path === '/file' ? 'file:///etc/passwd' : '/again' }).end();
    });
    await expect(http().send({ ...GET, url })).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', 'more than 5'));
    await expect(http().send({ ...GET, url: `${url}/file` })).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID'));
  });

  test('Http.send() stops reading an answer that is too large', async () => {
    let sent = 0;
    const { url } = await server((_, response) => {
      response.writeHead(200);
      const more = () => {
        if (response.destroyed) return;
        sent += 100_000;
        response.write(Buffer.alloc(100_000), () => setImmediate(more));
      };
      more();
    });
    const answer = http().send({ ...GET, url, maxBytes: 250_000 });
    await expect(answer).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', 'more than 250000 bytes'));
    expect(sent).toBeLessThan(20_000_000);
  });

  test('Http.send() refuses an answer that breaks off', async () => {
    const { url } = await server((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('only this', () => response.destroy());
    });
    await expect(http().send({ ...GET, url })).rejects.toEqual(
      refused('EBPM_REGISTRY_UNREACHABLE', 'broke the connection off'),
    );
  });

  test('Http.send() gives up on a server that does not answer, or stops in the middle', async () => {
    const { url } = await server(({ path }, response) => {
      if (path === '/half') response.writeHead(200, { 'content-length': 100 }).write('half');
    });
    const client = http({ headersTimeoutMs: 100, bodyTimeoutMs: 100, retryDelaysMs: [1] });
    const answers = await Promise.allSettled([
      client.send({ ...GET, url: `${url}/none` }),
      client.send({ ...GET, url: `${url}/half` }),
    ]);
    expect(answers.map((answer) => answer.status === 'rejected' && answer.reason)).toEqual([
      refused('EBPM_REGISTRY_UNREACHABLE', 'did not answer in time'),
      refused('EBPM_REGISTRY_UNREACHABLE', 'stopped in the middle'),
    ]);
  });

  test('Http.send() sends a GET again that broke off or was answered "not now", and nothing else', async () => {
    const statuses = [503, 429, 502, 200];
    const { url, seen } = await server(({ path }, response) => {
      if (path === '/broken' && seen.length === 1) response.destroy();
      else response.writeHead(path === '/busy' ? (statuses[seen.length - 1] ?? 500) : 200).end(path);
    });
    const client = http({ retryDelaysMs: [1, 1, 1] });
    expect(await client.send({ ...GET, url: `${url}/busy` })).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(4);
    const other = await server(({ method }, response) => {
      if (method === 'GET' && other.seen.length > 1) response.end('whole');
      else response.destroy();
    });
    expect(Buffer.from((await client.send({ ...GET, url: other.url })).body).toString()).toBe('whole');
    await expect(client.send({ ...GET, method: 'PUT', url: other.url })).rejects.toEqual(
      refused('EBPM_REGISTRY_UNREACHABLE', 'broke the connection off'),
    );
    expect(other.seen).toHaveLength(3);
  });

  test.each([
    ['404', { status: 404, headers: {} }, 1],
    ['503 that goes on', { status: 503, headers: {} }, 3],
    ['503 for longer than anybody waits', { status: 503, headers: { 'retry-after': '3600' } }, 1],
    ['429 until a date that is over', { status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' } }, 3],
  ])('Http.send() gives an answer of %s after its attempts', async (_, { status, headers }, attempts) => {
    const { url, seen } = await server((_request, response) => response.writeHead(status, headers).end());
    expect(await http({ retryDelaysMs: [1, 1] }).send({ ...GET, url })).toMatchObject({ status });
    expect(seen).toHaveLength(attempts);
  });

  test('Http.send() waits as long as the server says', async () => {
    const { url, seen } = await server((_request, response) => {
      response.writeHead(seen.length === 1 ? 429 : 200, { 'retry-after': '1' }).end();
    });
    const startMs = performance.now();
    expect(await http({ retryDelaysMs: [1] }).send({ ...GET, url })).toMatchObject({ status: 200 });
    expect(performance.now() - startMs).toBeGreaterThan(990);
  });

  test('Http.send() says that nothing listens', async () => {
    const { url, close } = await serve(() => {});
    await close();
    await expect(http().send({ ...GET, url })).rejects.toEqual(
      refused('EBPM_REGISTRY_UNREACHABLE', `Cannot reach "${url}": nothing listens there`),
    );
  });

  test('Http.send() tells how much has arrived', async () => {
    const { url } = await server((_, response) => response.end('x'.repeat(500)));
    const received: number[] = [];
    await http().send({ ...GET, url, onProgress: (bytes) => received.push(bytes) });
    expect(received.at(-1)).toBe(500);
  });

  test('Http asks the proxy for http://, but not for hosts in noProxy', async () => {
    const target = await server((_, response) => response.end('directly'));
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('through the proxy');
    });
    const httpProxy = `http://127.0.0.1:${await listen(proxy)}`;
    open.push({ close: () => stop(proxy) });
    const text = async (settings: Partial<HttpSettings>) =>
      Buffer.from((await http(settings).send({ ...GET, url: `${target.url}/x` })).body).toString();
    expect(await text({ httpProxy })).toBe('through the proxy');
    expect(await text({ httpProxy, noProxy: 'example.org,127.0.0.1' })).toBe('directly');
    expect(asked).toEqual([`${target.url}/x`]);
  });

  test.each(['proxy.example.org:3128', 'socks5://127.0.0.1:1', 'x'])('Http refuses the proxy %s', (httpsProxy) => {
    expect(() => new Http({ userAgent: 'x', httpsProxy })).toThrow(refused('EBPM_PROXY_INVALID') as Error);
  });
});
