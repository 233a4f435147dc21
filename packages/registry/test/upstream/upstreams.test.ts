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
let elapsedMs: number;
let url: string;
const open: Replica[] = [];

beforeEach(async () => {
  [hub, own, asked, elapsedMs] = [new RegistryWorld(), new RegistryWorld(), [], 0];
  hubReplica = await hub.replica();
  hubToken = await hub.tokenOf('hubber', hubReplica);
  hubReplica.app.addHook('onRequest', async ({ url: path }) => void asked.push(path));
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

async function replica(names: readonly string[] = ['*'], more: readonly UpstreamSetting[] = []): Promise<Replica> {
  const registry = await openRegistry({
    store: own.store,
    keyFile: own.keyFile,
    clock: { ...systemClock, elapsedMs: () => systemClock.elapsedMs() + elapsedMs },
    outbound: new Outbound({ userAgent: 'test', allow: ['127.0.0.1'] }),
    upstreams: [{ url, names }, ...more],
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
