import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { systemClock } from '../../src/clock.js';
import { openRegistry } from '../../src/open-registry.js';
import { Outbound } from '../../src/outbound.js';
import type { UpstreamSetting } from '../../src/upstream/upstreams.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

/** A public registry that really listens, and a private one that asks it. */
let hub: RegistryWorld;
let hubReplica: Replica;
let hubToken: string;
let own: RegistryWorld;
let asked: string[];
let redirectTo: string | undefined;
let elapsedMs: number;
let url: string;
const open: Replica[] = [];

beforeEach(async () => {
  [hub, own, asked, elapsedMs] = [new RegistryWorld(), new RegistryWorld(), [], 0];
  hubReplica = await hub.replica();
  hubToken = await hub.tokenOf('hubber', hubReplica);
  redirectTo = undefined;
  hubReplica.app.addHook('onRequest', async ({ url: path, headers }, reply) => {
    asked.push(path);
    if (redirectTo !== undefined) return reply.redirect(`${redirectTo}?${headers.authorization}`, 302);
  });
  url = await hubReplica.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const { app, registry } of open.splice(0)) {
    await app.close();
    await registry.close();
  }
  await own.close();
  await hub.close();
});

async function replica(
  names: readonly string[] = ['*'],
  more: readonly UpstreamSetting[] = [],
  token?: string,
): Promise<Replica> {
  const registry = await openRegistry({
    store: own.store,
    keyFile: own.keyFile,
    clock: { ...systemClock, elapsedMs: () => systemClock.elapsedMs() + elapsedMs },
    outbound: new Outbound({ userAgent: 'test', allow: ['127.0.0.1'] }),
    upstreams: [{ url, names, ...(token !== undefined && { token }) }, ...more],
  });
  const one = { registry, app: buildApp({ registry }) };
  open.push(one);
  return one;
}

const status = async ({ app }: Replica, path: string) => (await app.inject({ url: `/api/v1${path}` })).statusCode;
const blobPath = (digest: string) => `/blobs/${digest.replace(':', '/')}`;

describe('Upstreams', () => {
  it('gives what another registry has, and goes on when that one is gone', async () => {
    const sample = samplePackage({ name: 'tcptop' });
    await publish(hubReplica, hubToken, sample);
    const first = await replica();
    expect(await status(first, blobPath(sample.digest))).toBe(404);
    const document = (await first.app.inject({ url: '/api/v1/packages/tcptop' })).json();
    expect(document).toMatchObject({
      name: 'tcptop',
      versions: [{ version: '1.0.0', digest: sample.digest, publisher: 'hubber' }],
    });
    expect(await status(first, '/packages/tcptop/versions/1.0.0')).toBe(200);
    const blob = await first.app.inject({ url: `/api/v1${blobPath(sample.digest)}` });
    expect(blob.rawPayload).toEqual(Buffer.from(sample.archive));
    await hubReplica.app.close();
    elapsedMs += 120_000;
    for (const one of [first, await replica()]) {
      expect(await status(one, '/packages/tcptop')).toBe(200);
      expect(await status(one, '/packages/tcptop/versions/1.0.0')).toBe(200);
      expect(await status(one, blobPath(sample.digest))).toBe(200);
      expect(await status(one, '/packages/never-seen')).toBe(502);
    }
  });

  it('believes an answer for a minute, and asks once for many who ask at once', async () => {
    await publish(hubReplica, hubToken, samplePackage({ name: 'tcptop' }));
    asked.length = 0;
    const one = await replica();
    await Promise.all(Array.from({ length: 5 }, () => status(one, '/packages/tcptop')));
    for (let i = 0; i < 3; i++) expect(await status(one, '/packages/nothing')).toBe(404);
    expect(asked).toEqual(['/api/v1/packages/tcptop', '/api/v1/packages/nothing']);
    await publish(hubReplica, hubToken, samplePackage({ name: 'tcptop', version: '1.1.0' }));
    elapsedMs += 60_001;
    const { versions } = (await one.app.inject({ url: '/api/v1/packages/tcptop' })).json();
    expect(versions.map(({ version }: { version: string }) => version)).toEqual(['1.0.0', '1.1.0']);
  });

  it('asks nobody for names that are ours, that are not wanted, or that are here', async () => {
    const one = await replica(['*', '!secret-*']);
    const token = await own.tokenOf('alice', one);
    await publish(one, token, samplePackage({ name: 'tcptop', content: 'ours' }));
    await publish(hubReplica, hubToken, samplePackage({ name: 'tcptop', version: '9.0.0' }));
    await publish(hubReplica, hubToken, samplePackage({ name: '@alice/tool' }));
    asked.length = 0;
    for (const name of ['@alice/tool', '@alice/unreleased', 'secret-project']) {
      expect(await status(one, `/packages/${encodeURIComponent(name)}`)).toBe(404);
      expect(await status(one, `/packages/${encodeURIComponent(name)}/versions/1.0.0`)).toBe(404);
    }
    const { versions } = (await one.app.inject({ url: '/api/v1/packages/tcptop' })).json();
    expect(versions).toHaveLength(1);
    expect(await status(one, '/packages/tcptop/versions/9.0.0')).toBe(404);
    expect(asked).toEqual([]);
  });

  it('gives what its token may read at another registry', async () => {
    const sample = samplePackage({ name: '@hubber/private' });
    const path = `/packages/${encodeURIComponent(sample.name)}`;
    await publish(hubReplica, hubToken, sample, { url: `/api/v1${path}/versions/1.0.0?visibility=private` });
    const stranger = await replica();
    expect(await status(stranger, path)).toBe(404);
    const friend = await replica(['*'], [], hubToken);
    for (const part of [path, `${path}/versions/1.0.0`, blobPath(sample.digest)]) {
      expect(await status(friend, part)).toBe(200);
    }
    const wrong = (await (await replica(['*'], [], 'x')).app.inject({ url: '/api/v1/packages/other' })).json();
    expect(JSON.stringify(wrong)).not.toContain('Bearer');
  });

  it('sends its token to nobody else, wherever the other registry sends it', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.url, request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    redirectTo = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const one = await replica(['*'], [], 'ebpm_hidden');
    expect(await status(one, '/packages/tcptop')).toBe(502);
    // The first server told what it was sent; the second one was sent nothing.
    expect(seen).toEqual(['/?Bearer%20ebpm_hidden', undefined]);
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  it('takes our own from the moment that it is published, whatever another registry has', async () => {
    await publish(hubReplica, hubToken, samplePackage({ name: 'tcptop', version: '9.0.0' }));
    const one = await replica();
    const token = await own.tokenOf('alice', one);
    expect(await status(one, '/packages/tcptop/versions/9.0.0')).toBe(200);
    await publish(one, token, samplePackage({ name: 'tcptop' }));
    expect(await status(one, '/packages/tcptop/versions/9.0.0')).toBe(404);
    expect(await status(one, '/packages/tcptop/versions/1.0.0')).toBe(200);
  });

  it('takes no version that has changed, and no bytes of another digest', async () => {
    const sample = samplePackage({ name: 'tcptop' });
    await publish(hubReplica, hubToken, sample);
    const one = await replica();
    expect(await status(one, '/packages/tcptop')).toBe(200);
    // The other registry begins anew, with other contents under the same number.
    await hubReplica.app.close();
    const evil = new RegistryWorld();
    const evilReplica = await evil.replica();
    await publish(
      evilReplica,
      await evil.tokenOf('evil', evilReplica),
      samplePackage({ name: 'tcptop', content: 'evil' }),
    );
    await evilReplica.app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    elapsedMs += 60_001;
    const { versions } = (await one.app.inject({ url: '/api/v1/packages/tcptop' })).json();
    expect(versions).toMatchObject([{ digest: sample.digest }]);
    const answer = (await one.app.inject({ url: '/api/v1/packages/tcptop/versions/1.0.0' })).json();
    expect(answer.code).toBe('EBPM_UPSTREAM_CHANGED');
    expect(await status(one, blobPath(sample.digest))).toBe(404);
    await evil.close();
  });
});
