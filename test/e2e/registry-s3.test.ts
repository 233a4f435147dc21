import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from '@ebpm/formats';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, FaultProxy } from './fault-proxy.js';
import { listedVersions, publishTo, servedDigest, type TestPackage, testPackage } from './published-package.js';
import { newToken, type RegistryPlace, RegistryProcess, runRegistry } from './registry-process.js';
import { logLines } from './registry-stores.js';
import { soakReplicas } from './replica-soak.js';
import { runEbpm } from './run-ebpm.js';
import { type S3Server, startS3Server } from './s3-server.js';

/** `npm run soak` goes on for five minutes. */
const SOAK_MS = Number(process.env['EBPM_SOAK_MS'] ?? 15_000);

/** What a publish asks about a blob that the store does not vouch for: small ones are read back, large ones asked for their size. */
const LOOKS = ['GET blobs', 'HEAD blobs'];
/** Everything that a publish asks of a store. */
const OPERATIONS = ['PUT blobs', ...LOOKS, 'GET accounts', 'GET log', 'PUT log'];

let s3: S3Server;
let directory: string;
const running = new Set<RegistryProcess>();
beforeAll(async () => {
  s3 = await startS3Server();
  directory = mkdtempSync(join(tmpdir(), 'ebpm-registry-s3-'));
});
afterEach(async () => {
  for (const server of running) await server.end('SIGKILL');
  running.clear();
});
afterAll(async () => {
  await s3?.stop();
  rmSync(directory, { recursive: true });
});

async function newPlace(): Promise<RegistryPlace> {
  const store = await s3.newBucket();
  const env = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
  return { store, keyFile: join(directory, 'key'), env };
}

async function start(place: RegistryPlace, logLevel?: string): Promise<RegistryProcess> {
  const server = await RegistryProcess.start(place, undefined, logLevel);
  running.add(server);
  return server;
}

describe('ebpm-registry on S3', () => {
  it('loses no accepted version and doubles none when any request of a publish fails in any way', {
    timeout: 400_000,
  }, async () => {
    const place = await newPlace();
    const token = await newToken(place, 'alice');
    const proxy = await FaultProxy.start(s3.endpoint);
    const behind = await start({ ...place, store: place.store.replace(s3.endpoint, proxy.url) }, 'silent');
    const accepted: TestPackage[] = [];
    const outcomes = new Map<string, number>();
    for (const operation of OPERATIONS) {
      proxy.encrypts = LOOKS.includes(operation);
      for (const fault of FAULTS) {
        const content = operation === 'HEAD blobs' ? 'x'.repeat(70_000) : fault;
        const sample = testPackage('faulty', `1.${accepted.length}.0`, content);
        proxy.failNext(operation, fault);
        const { status, outcome } = await publishUntilAccepted(behind.url, token, sample);
        expect([operation, fault, proxy.hasFailed]).toEqual([operation, fault, true]);
        expect([200, 201]).toContain(status);
        accepted.push(sample);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    proxy.close();
    process.stdout.write(
      `${accepted.length} publishes, each with a fault: ${JSON.stringify(Object.fromEntries(outcomes))}\n`,
    );

    const other = await start(place);
    const listed = await listedVersions(other.url, 'faulty');
    expect(listed.map(({ version, digest }) => [version, digest])).toEqual(
      accepted.map(({ version, digest }) => [version, digest]),
    );
    for (const { digest } of accepted) expect(await servedDigest(other.url, digest)).toBe(digest);
    const lines = (await logLines(place)).filter((line) => line.includes('"type":"publish"'));
    expect(lines).toHaveLength(accepted.length);
    expect(await runRegistry(place, 'verify')).toMatchObject({ exitCode: 0 });
  });

  it('keeps every accepted version while four replicas are killed at random', {
    timeout: SOAK_MS + 300_000,
  }, async () => {
    const { accepted, kills, contests, repeats } = await soakReplicas(await newPlace(), SOAK_MS);
    process.stdout.write(
      `${SOAK_MS / 1_000} s: ${accepted} versions accepted, ${contests} of them wanted by eight, ${kills} kills, ${repeats} publishes sent again\n`,
    );
    // On a machine that is busy with other things a process takes seconds to start.
    expect(accepted).toBeGreaterThanOrEqual(8);
    expect(kills).toBeGreaterThan(0);
  });

  it('sends clients to the bucket for archives, by addresses that need no token and are good for one archive', {
    timeout: 400_000,
  }, async () => {
    const place = await newPlace();
    const token = await newToken(place, 'alice');
    const server = await start({ ...place, env: { ...place.env, EBPM_REGISTRY_BLOB_REDIRECT: 'true' } });
    const sample = testPackage('@alice/tool', '1.0.0');
    expect((await publishTo(server.url, token, sample)).status).toBe(201);
    const hidden = testPackage('@alice/hidden', '1.0.0', 'hidden');
    expect((await publishTo(`${server.url}`, token, hidden, '?visibility=private')).status).toBe(201);
    const ask = (digest: string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/api/v1/blobs/${digest.replace(':', '/')}`, { redirect: 'manual', headers });

    const sent = await ask(sample.digest);
    const location = sent.headers.get('location') ?? '';
    expect([sent.status, new URL(location).origin]).toEqual([307, new URL(s3.endpoint).origin]);
    expect(location).not.toMatch(new RegExp(`ebpm_|${s3.secretKey}`));
    const archive = await fetch(location);
    expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/x-tar']);
    expect(digestOf(new Uint8Array(await archive.arrayBuffer()))).toBe(sample.digest);
    const part = await fetch(location, { headers: { range: 'bytes=0-99' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 100]);
    const other = location.replace(sample.digest.slice(9, 20), hidden.digest.slice(9, 20));
    expect((await fetch(other)).status).toBe(403);

    expect((await ask(hidden.digest)).status).toBe(404);
    const toOwner = await ask(hidden.digest, { authorization: `Bearer ${token}` });
    expect([toOwner.status, toOwner.headers.get('cache-control')]).toEqual([307, 'no-store']);

    const env = { HOME: directory, EBPM_HOME: join(directory, 'home'), EBPM_REGISTRY: server.url };
    const installed = await runEbpm(['install', sample.name, '--json'], { env });
    expect(installed).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('has one order and one time although the clocks of its replicas are an hour apart', {
    timeout: 400_000,
  }, async () => {
    const place = await newPlace();
    const token = await newToken(place, 'alice');
    const skews = [0, 3_600_000, -3_600_000];
    const servers = await Promise.all(skews.map((skewMs) => start(withSkew(place, skewMs))));
    const sentMs = Date.now();
    for (let i = 0; i < 9; i++) {
      const answer = await publishTo(servers[i % 3]?.url ?? '', token, testPackage('skewed', `1.${i}.0`));
      expect(answer.status).toBe(201);
    }
    const times = (await logLines(place))
      .filter((line) => line.startsWith('{"v":1'))
      .map((line) => Date.parse(JSON.parse(line).time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const timeMs of times.slice(1)) {
      expect(timeMs).toBeGreaterThan(sentMs - 2_000);
      expect(timeMs).toBeLessThan(Date.now() + 2_000);
    }
    const versions = await Promise.all(servers.map(({ url }) => listedVersions(url, 'skewed', String(times.length))));
    expect(new Set(versions.map((listed) => JSON.stringify(listed))).size).toBe(1);
    expect(versions[0]).toHaveLength(9);
    expect(await runRegistry(place, 'verify')).toMatchObject({ exitCode: 0 });
  });
});

function withSkew(place: RegistryPlace, skewMs: number): RegistryPlace {
  const preload = fileURLToPath(new URL('skewed-clock.mjs', import.meta.url));
  return {
    ...place,
    env: { ...place.env, NODE_OPTIONS: `--import ${preload}`, EBPM_TEST_SKEW_MS: String(skewMs) },
  };
}

/** The first answer, and the status of the one that accepted it; an error must say what it is. */
async function publishUntilAccepted(url: string, token: string, sample: TestPackage) {
  let first: string | undefined;
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await publishTo(url, token, sample);
    const { code } = (await answer.json()) as { readonly code?: string };
    first ??= code ?? String(answer.status);
    if (answer.status < 300) return { status: answer.status, outcome: first };
    expect([answer.status, code]).toEqual([
      503,
      expect.stringMatching(/^EBPM_(STORE_UNAVAILABLE|STORE_REFUSED|REGISTRY_UNSETTLED)$/),
    ]);
  }
  return { status: undefined, outcome: first ?? 'none' };
}
