import { afterEach, describe, expect, it } from 'vitest';
import { Outbound, type OutboundRequest, type OutboundSettings } from '../src/outbound.js';
import { type Answer, type LoopbackServer, serve } from './loopback-server.js';
import { refused } from './refused.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function server(answer: Answer, host?: string, port?: number): Promise<LoopbackServer> {
  const started = await serve(answer, host, port);
  open.push(started);
  return started;
}

function outbound(settings: Partial<OutboundSettings> = {}): Outbound {
  const created = new Outbound({ userAgent: 'ebpm-registry/test', ...settings });
  open.push(created);
  return created;
}

/** A resolver that gives these addresses in turn, the last one for ever, and counts. */
function resolver(...addresses: readonly string[]) {
  const asked: string[] = [];
  const resolve = async (host: string) => {
    const address = addresses[Math.min(asked.length, addresses.length - 1)] ?? '';
    asked.push(host);
    return [{ address, family: address.includes(':') ? 6 : 4 }];
  };
  return { asked, resolve };
}

const LOCAL = { allow: ['127.0.0.1'] };

async function text(door: Outbound, url: string, more: Partial<OutboundRequest> = {}): Promise<string> {
  return Buffer.from((await door.send({ url, maxBytes: 1000, ...more })).body).toString();
}

describe('Outbound', () => {
  it('gives status, headers and body, and says who asks', async () => {
    const { url, seen } = await server((_, response) => response.writeHead(418, { 'x-a': 'b' }).end('tea'));
    const answer = await outbound(LOCAL).send({
      url: `${url}/pot`,
      maxBytes: 10,
      headers: { 'user-agent': 'x', a: 'b' },
    });
    expect({ ...answer, body: Buffer.from(answer.body).toString() }).toMatchObject({
      status: 418,
      headers: { 'x-a': 'b' },
      body: 'tea',
    });
    expect(seen[0]).toMatchObject({
      method: 'GET',
      path: '/pot',
      headers: { 'user-agent': 'ebpm-registry/test', a: 'b' },
    });
  });

  it('sends the body of a POST and follows no redirect of it', async () => {
    const { url, seen } = await server((_, response) => response.writeHead(307, { location: '/b' }).end());
    const answer = await outbound(LOCAL).send({ url, method: 'POST', body: Buffer.from('bytes'), maxBytes: 10 });
    expect(answer.status).toBe(307);
    expect(seen.map(({ body }) => body.toString())).toEqual(['bytes']);
  });

  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
  ])('opens no connection to %s', async (pattern) => {
    const target = await server((_, response) => response.end('secret'));
    const url = pattern.replace('PORT', String(target.port));
    await expect(text(outbound(), url)).rejects.toEqual(refused('EBPM_OUTBOUND_REFUSED', 'public internet'));
    expect(target.connections()).toBe(0);
  });

  it('opens no connection to a public name with a private address', async () => {
    const target = await server((_, response) => response.end('secret'));
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '10.0.0.1', 'fe80::1']) {
      const { resolve } = resolver(address);
      const answer = text(outbound({ resolve }), `http://evil.example:${target.port}/`);
      await expect(answer).rejects.toEqual(refused('EBPM_OUTBOUND_REFUSED', '"evil.example"'));
    }
    expect(target.connections()).toBe(0);
  });

  it('connects to the address that it checked, whatever the name has a moment later', async () => {
    const good = await server(
      (_, response) => response.writeHead(200, { connection: 'close' }).end('good'),
      '127.0.0.2',
    );
    const evil = await server((_, response) => response.end('evil'), '127.0.0.1', good.port);
    const { asked, resolve } = resolver('127.0.0.2', '127.0.0.1');
    const door = outbound({ allow: ['127.0.0.2'], resolve });
    const url = `http://rebind.example:${good.port}/`;
    expect(await text(door, url)).toBe('good');
    expect(asked).toEqual(['rebind.example']);
    await expect(text(door, url)).rejects.toEqual(refused('EBPM_OUTBOUND_REFUSED'));
    expect(asked).toHaveLength(2);
    expect(evil.connections()).toBe(0);
  });

  it('uses those of several addresses that are allowed', async () => {
    const good = await server((_, response) => response.end('good'), '127.0.0.2');
    const evil = await server((_, response) => response.end('evil'), '127.0.0.1', good.port);
    const resolve = async () => ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    expect(await text(outbound({ allow: ['127.0.0.2'], resolve }), `http://mixed.example:${good.port}/`)).toBe('good');
    expect(evil.connections()).toBe(0);
  });

  it('checks every redirect anew', async () => {
    const secret = await server((_, response) => response.end('secret'));
    const { resolve } = resolver('127.0.0.1');
    for (const host of ['127.0.0.1', 'inner.example', '[::ffff:7f00:1]']) {
      const location = `http://${host}:${secret.port}/`;
      const { url } = await server((_, response) => response.writeHead(302, { location }).end(), '127.0.0.2');
      const answer = text(outbound({ allow: ['127.0.0.2'], resolve }), url);
      await expect(answer).rejects.toEqual(refused('EBPM_OUTBOUND_REFUSED'));
    }
    expect(secret.connections()).toBe(0);
  });

  it('gives its headers to no other origin', async () => {
    const other = await server((_, response) => response.end('from the other one'));
    const own = await server(({ path }, response) => {
      response.writeHead(302, { location: path === '/a' ? '/b' : `${other.url}/c` }).end();
    });
    const headers = { authorization: 'Bearer secret' };
    expect(await text(outbound(LOCAL), `${own.url}/a`, { headers })).toBe('from the other one');
    expect(own.seen.map((request) => request.headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
    expect(other.seen.map((request) => request.headers.authorization)).toEqual([undefined]);
  });

  it.each([
    ['/again', 'EBPM_OUTBOUND_ANSWER_INVALID', 'more than 3'],
    ['file:///etc/passwd', 'EBPM_OUTBOUND_REFUSED', 'no http'],
    ['http://', 'EBPM_OUTBOUND_REFUSED', 'no http'],
    ['http://u:p@example.org/', 'EBPM_OUTBOUND_REFUSED', 'a password'],
  ])('refuses a redirect to %s', async (location, code, message) => {
    const { url } = await server((_, response) => response.writeHead(301, { location }).end());
    await expect(text(outbound(LOCAL), url)).rejects.toEqual(refused(code, message));
  });

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'data:,x', 'example.org', '', 'http://u:p@example.org/'])(
    'refuses the URL %j',
    async (url) => {
      await expect(text(outbound(), url)).rejects.toEqual(refused('EBPM_OUTBOUND_REFUSED'));
    },
  );

  it('stops reading an answer that is too large, said or not', async () => {
    let sent = 0;
    const { url } = await server(({ path }, response) => {
      if (path === '/said') response.writeHead(200, { 'content-length': 1_000_000_000 });
      const more = () => {
        if (response.destroyed) return;
        sent += 100_000;
        response.write(Buffer.alloc(100_000), () => setImmediate(more));
      };
      more();
    });
    for (const path of ['/', '/said']) {
      const answer = text(outbound(LOCAL), `${url}${path}`, { maxBytes: 250_000 });
      await expect(answer).rejects.toEqual(refused('EBPM_OUTBOUND_ANSWER_INVALID', 'more than 250000 bytes'));
    }
    expect(sent).toBeLessThan(40_000_000);
  });

  it('does not wait longer than it was told, for nothing, for half an answer, for drops of one', async () => {
    const { url } = await server(({ path }, response) => {
      if (path === '/half') response.writeHead(200, { 'content-length': 100 }).write('half');
      if (path !== '/drops') return;
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const door = outbound(LOCAL);
    const answers = ['/none', '/half', '/drops'].map((path) => text(door, `${url}${path}`, { timeoutMs: 150 }));
    for (const answer of await Promise.allSettled(answers)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('EBPM_OUTBOUND_FAILED', 'in time') });
    }
  });

  it('is broken off by its signal, and by its end', async () => {
    const { url } = await server(() => undefined);
    const door = outbound(LOCAL);
    const byEnd = expect(text(door, url)).rejects.toEqual(refused('EBPM_OUTBOUND_FAILED', 'shutting down'));
    const bySignal = text(door, url, { signal: AbortSignal.timeout(50) });
    await expect(bySignal).rejects.toEqual(refused('EBPM_OUTBOUND_FAILED'));
    await door.close();
    await door.close();
    await byEnd;
  });

  it('says that nothing listens, and that a name is not known', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    await expect(text(outbound(LOCAL), gone.url)).rejects.toEqual(refused('EBPM_OUTBOUND_FAILED', 'nothing listens'));
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    await expect(text(outbound({ resolve }), 'http://nowhere.example/')).rejects.toEqual(
      refused('EBPM_OUTBOUND_FAILED', 'its name is not known'),
    );
  });
});
