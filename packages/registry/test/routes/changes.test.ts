import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiChange, apiChangesKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await publish(replica, token, samplePackage({ version }));
});
afterAll(() => world.close());

async function page(query: Record<string, string>, from = replica) {
  const answer = await from.app.inject({ url: `/api/v1/changes?${new URLSearchParams(query)}` });
  expect([answer.statusCode, validate(apiChangesKind, answer.json()).ok]).toEqual([200, true]);
  return answer.json() as { changes: ApiChange[]; next: string; isEnd: boolean };
}

async function all(from: Replica, limit: string): Promise<(string | undefined)[]> {
  const versions: (string | undefined)[] = [];
  for (let after = '0'; ; ) {
    const { changes, next, isEnd } = await page({ after, limit }, from);
    versions.push(...changes.map(({ version }) => version));
    if (isEnd) return versions;
    after = next;
  }
}

describe('GET /api/v1/changes', () => {
  it('tells what happened, in order, page by page', async () => {
    expect(await all(replica, '1')).toEqual(['1.0.0', '1.1.0', '1.2.0']);
    const { changes } = await page({ limit: '1' });
    expect(changes).toEqual([
      {
        id: expect.stringMatching(/^\d+-0$/),
        type: 'publish',
        name: 'sigsnoop',
        version: '1.0.0',
        digest: samplePackage().digest,
        time: expect.any(String),
      },
    ]);
  });

  it('tells the same where the log was only read from the store', async () => {
    const late = await world.replica();
    expect(late.registry.feed.end()).toEqual(replica.registry.feed.end());
    expect(await all(late, '2')).toEqual(['1.0.0', '1.1.0', '1.2.0']);
    expect((await page({}, late)).changes).toEqual((await page({})).changes);
  });

  it('goes on from where it ended', async () => {
    const { next } = await page({});
    expect(await page({ after: next })).toEqual({ changes: [], next, isEnd: true });
  });

  it.each([
    ['/api/v1/changes?after=9999-0', {}],
    ['/api/v1/changes?after=999999999999', {}],
    ['/api/v1/changes/stream?after=9999-0', {}],
    ['/api/v1/changes/stream', { 'last-event-id': '9999-0' }],
  ])('refuses %s with %j, which nobody has told of, once it has waited', async (url, headers) => {
    const passing = setInterval(() => world.putForward(1_000), 20);
    const answer = await replica.app.inject({ url, headers }).finally(() => clearInterval(passing));
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'EBPM_REGISTRY_BEHIND']);
    expect(answer.json().message).toMatch(/it is at entry \d+, and the reader saw 9{4,12}$/);
  });

  it.each([{ after: '-1' }, { after: 'x' }, { after: '1-2-3' }, { limit: '0' }, { limit: '1001' }, { other: 'x' }])(
    'refuses %j',
    async (query) => {
      const answer = await replica.app.inject({ url: `/api/v1/changes?${new URLSearchParams(query as never)}` });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'EBPM_REQUEST_INVALID']);
    },
  );
});

describe('who may read a private package', () => {
  it('hears of it, finds it, and nobody else does', async () => {
    const secret = samplePackage({ name: '@alice/secret', manifest: { description: 'submarine' } });
    const url = `/api/v1/packages/${encodeURIComponent(secret.name)}/versions/1.0.0?visibility=private`;
    expect((await publish(replica, token, secret, { url })).statusCode).toBe(201);
    const other = await world.tokenOf('bob', replica);
    const asked = async (path: string, authorization?: string) =>
      (await replica.app.inject({ url: path, headers: authorization === undefined ? {} : { authorization } })).body;
    for (const path of ['/api/v1/changes', '/api/v1/search?q=submarine']) {
      expect(await asked(path)).not.toContain('secret');
      expect(await asked(path, `Bearer ${other}`)).not.toContain('secret');
      expect(await asked(path, `Bearer ${token}`)).toContain('@alice/secret');
    }
  });

  it('is at an end of the log from which everybody goes on, at any replica', async () => {
    const late = await world.replica();
    const hidden = samplePackage({ name: '@alice/hidden' });
    const url = `/api/v1/packages/${encodeURIComponent(hidden.name)}/versions/1.0.0?visibility=private`;
    expect((await publish(replica, token, hidden, { url })).statusCode).toBe(201);
    const { next } = await page({});
    for (const from of [late, replica]) {
      expect(await page({ after: next }, from)).toEqual({ changes: [], next, isEnd: true });
    }
  });
});

describe('GET /api/v1/changes/stream', () => {
  /** Reads events of a stream until there are as many as wanted. */
  async function events(query: string, wanted: number, headers = {}, then?: () => Promise<unknown>): Promise<string[]> {
    if (!replica.app.server.listening) await replica.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = replica.app.server.address() as AddressInfo;
    const request = get({ host: '127.0.0.1', port, path: `/api/v1/changes/stream${query}`, headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.headers['content-type']).toBe('text/event-stream');
    await then?.();
    let text = '';
    for await (const chunk of response) {
      text += chunk;
      if (text.split('\n\n').length > wanted) break;
    }
    request.destroy();
    return text.split('\n\n').slice(0, wanted);
  }

  it('sends what happened, then what happens', async () => {
    const blocks = await events('?after=0', 4, {}, () => publish(replica, token, samplePackage({ version: '2.0.0' })));
    expect(blocks.map((block) => /"version":"([^"]+)"/.exec(block)?.[1])).toEqual(['1.0.0', '1.1.0', '1.2.0', '2.0.0']);
    expect(blocks[0]).toMatch(/^id: \d+-0\nevent: publish\ndata: \{"id":"\d+-0","type":"publish"/);
  });

  it('begins with now, or after the last event that the client has seen', async () => {
    const [block = ''] = await events('', 1, {}, () => publish(replica, token, samplePackage({ version: '2.1.0' })));
    expect(block).toContain('"version":"2.1.0"');
    const { changes } = await page({ limit: '3' });
    const [next = ''] = await events('', 1, { 'last-event-id': changes[1]?.id });
    expect(next).toContain('"version":"1.2.0"');
  });

  it('ends when the server does, and leaves nothing behind when the client goes', async () => {
    const own = await world.replica();
    await own.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = own.app.server.address() as AddressInfo;
    const request = get({ host: '127.0.0.1', port, path: '/api/v1/changes/stream' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const ended = once(response.resume(), 'close');
    await own.app.close();
    await ended;
  });
});
