import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { RegistryWorld, type Replica } from '../registry-world.js';

let world: RegistryWorld;
let replica: Replica;
let app: FastifyInstance;
let token: string;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  app = buildApp({
    registry: replica.registry,
    settings: { requestsPerMinute: 6, refusalsPerMinute: 3, trustProxy: ['10.0.0.1'] },
  });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

const ask = async (remoteAddress: string, headers: Record<string, string> = {}, url = '/api/v1/search') => {
  const { statusCode, headers: answered, body } = await app.inject({ url, remoteAddress, headers });
  return {
    statusCode,
    retryAfter: answered['retry-after'],
    code: statusCode < 400 ? undefined : JSON.parse(body).code,
  };
};
const statuses = async (count: number, once: () => Promise<{ statusCode: number }>) => {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await once()).statusCode);
  return seen;
};

describe('limitRates()', () => {
  it('lets an address ask a few times at once, then says when to come back', async () => {
    expect(await statuses(2, () => ask('192.0.2.1'))).toEqual([200, 200]);
    expect(await ask('192.0.2.1')).toEqual({ statusCode: 429, retryAfter: '10', code: 'EBPM_RATE_LIMITED' });
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
  });

  it('counts the addresses of a customer as one', async () => {
    expect(await statuses(3, () => ask(`2001:db8::${Math.floor(Math.random() * 1000)}`))).toEqual([200, 200, 429]);
  });

  it('counts a token wherever it comes from, and apart from the address', async () => {
    const authorization = `Bearer ${token}`;
    const addresses = ['192.0.2.10', '192.0.2.11', '192.0.2.12'];
    const answers = await Promise.all(addresses.map((address) => ask(address, { authorization }, '/api/v1/whoami')));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 429]);
  });

  it('stops who guesses tokens, before they are looked at', async () => {
    const guess = () => ask('192.0.2.20', { authorization: `Bearer ebpm_${'A'.repeat(43)}` }, '/api/v1/whoami');
    expect(await statuses(3, guess)).toEqual([401, 429, 429]);
    expect((await ask('192.0.2.20')).statusCode).toBe(200);
  });

  it('takes the address that a trusted proxy names, and no other', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.1' };
    expect(await statuses(3, () => ask('10.0.0.1', forwarded))).toEqual([200, 200, 429]);
    expect(await statuses(3, () => ask('10.0.0.2', { 'x-forwarded-for': `198.51.100.${Math.random()}` }))).toEqual([
      200, 200, 429,
    ]);
  });

  it('leaves the exempt alone, which this machine is by default', async () => {
    expect(new Set(await statuses(10, () => ask('127.0.0.1')))).toEqual(new Set([200]));
  });

  it('limits nobody where the settings say 0', async () => {
    const open = buildApp({ registry: replica.registry, settings: { requestsPerMinute: 0, refusalsPerMinute: 0 } });
    const answers = await statuses(10, () => open.inject({ url: '/healthz', remoteAddress: '192.0.2.1' }));
    await open.close();
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});
