import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
});
afterAll(() => world.close());

describe('AccessLog', () => {
  it('has a line of JSON for every request, also for those that memory answers, and no token', async () => {
    const token = await world.tokenOf('alice', replica);
    await publish(replica, token, samplePackage());
    const chunks: string[] = [];
    const accessLog = { write: (text: string) => chunks.push(text) };
    const app = buildApp({ registry: replica.registry, settings: { accessLog: true }, accessLog });
    await app.listen({ port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const agent = 'me "quoted" \u00e9';
    const path = '/api/v1/packages/sigsnoop';
    const ids: (string | null)[] = [];
    for (const headers of [{}, { 'user-agent': agent }, { authorization: `Bearer ${token}` }]) {
      const answer = await fetch(`${url}${path}`, { headers: headers as Record<string, string> });
      await answer.text();
      ids.push(answer.headers.get('ebpm-request-id'));
    }
    await fetch(`${url}/api/v1/whoami`, { headers: { authorization: `Bearer ${token}` } });
    await app.close();
    const lines = chunks.join('').trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ reqId }) => reqId).slice(0, 3)).toEqual(ids);
    expect(records[1]).toMatchObject({ level: 30, method: 'GET', path, status: 200, address: '127.0.0.1', agent });
    expect(records[1].bytes).toBeGreaterThan(100);
    expect(records[3].token).toMatch(/^t_/);
    expect(lines.join('')).not.toContain(token.slice(5));
  });
});
