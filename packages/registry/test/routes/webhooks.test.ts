import { apiMadeWebhookKind, apiWebhooksKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBHOOK_LIMITS } from '../../src/limits.js';
import { RegistryWorld, type Replica } from '../registry-world.js';

let world: RegistryWorld;
let replica: Replica;
let alice: string;
let bob: string;
beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  [alice, bob] = [await world.tokenOf('alice', replica), await world.tokenOf('bob', replica)];
});
afterAll(() => world.close());

function call(
  method: 'GET' | 'POST' | 'DELETE',
  token: string,
  more: { path?: string; payload?: unknown; type?: string } = {},
) {
  const { path = '', payload, type = 'application/json' } = more;
  const headers = { authorization: `Bearer ${token}`, ...(payload !== undefined && { 'content-type': type }) };
  const body =
    payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
  return replica.app.inject({ method, url: `/api/v1/webhooks${path}`, headers, ...body });
}

describe('/api/v1/webhooks', () => {
  it('makes, lists and removes webhooks, each for its owner alone', async () => {
    const made = await call('POST', alice, { payload: { target: '@acme', url: 'https://example.org/hook' } });
    expect([made.statusCode, validate(apiMadeWebhookKind, made.json()).ok]).toEqual([201, true]);
    const { id, secret } = made.json();
    expect(secret).toMatch(/^ebpm_wh_[0-9a-f]{64}$/);
    const listed = (await call('GET', alice)).json();
    expect(validate(apiWebhooksKind, listed)).toMatchObject({ ok: true });
    expect(listed).toMatchObject({ webhooks: [{ id, target: '@acme', url: 'https://example.org/hook', failures: 0 }] });
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect((await call('GET', bob)).json()).toEqual({ webhooks: [] });
    const refused = await call('DELETE', bob, { path: `/${id}` });
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'EBPM_WEBHOOK_NOT_FOUND']);
    expect((await call('DELETE', alice, { path: `/${id}` })).statusCode).toBe(204);
    expect((await call('GET', alice)).json()).toEqual({ webhooks: [] });
  });

  it('keeps nothing readable in the store', async () => {
    const url = 'https://chat.example/secret-room';
    const { id } = (await call('POST', alice, { payload: { target: '*', url } })).json();
    const bytes = await world.store.get(`webhooks/${id}`);
    expect(Buffer.from(bytes ?? []).toString()).not.toContain('secret-room');
    expect((await (await world.replica()).registry.webhooks.list()).map((webhook) => webhook.url)).toEqual([url]);
    await call('DELETE', alice, { path: `/${id}` });
  });

  it.each([
    ['http://127.0.0.1:6379/', 'EBPM_OUTBOUND_REFUSED'],
    ['http://[::1]/', 'EBPM_OUTBOUND_REFUSED'],
    ['http://169.254.169.254/latest', 'EBPM_OUTBOUND_REFUSED'],
    ['https://user:password@example.org/', 'EBPM_OUTBOUND_REFUSED'],
    ['file:///etc/passwd', 'EBPM_OUTBOUND_REFUSED'],
    ['x', 'EBPM_OUTBOUND_REFUSED'],
    ['', 'EBPM_REQUEST_INVALID'],
  ])('refuses the URL %j', async (url, code) => {
    expect((await call('POST', alice, { payload: { target: '*', url } })).json().code).toBe(code);
  });

  it.each([
    ['no body', {}, 400],
    ['what is not JSON', { payload: '{' }, 400],
    ['another type', { payload: 'x', type: 'text/plain' }, 415],
    ['a target that is none', { payload: { target: '@', url: 'https://example.org' } }, 400],
    ['an unknown key', { payload: { target: '*', url: 'https://example.org', x: 1 } }, 400],
    ['a large body', { payload: { target: '*', url: 'x'.repeat(40_000) } }, 413],
  ])('refuses %s', async (_what, more, status) => {
    expect((await call('POST', alice, more)).statusCode).toBe(status);
  });

  it('asks for a token', async () => {
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const path = method === 'DELETE' ? `/${'0'.repeat(16)}` : '';
      expect((await call(method, 'ebpm_none', { path })).statusCode).toBe(401);
    }
  });

  it('lets nobody have too many', async () => {
    const statuses: number[] = [];
    for (let i = 0; i <= WEBHOOK_LIMITS.perUser; i++) {
      statuses.push(
        (await call('POST', bob, { payload: { target: '*', url: `https://example.org/${i}` } })).statusCode,
      );
    }
    expect(statuses.slice(-2)).toEqual([201, 409]);
  });
});
