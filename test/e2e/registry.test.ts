import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Http, LOG_START, LogHead, RegistryClient } from '@ebpm/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listedVersions, publishTo, servedDigest, testPackage } from './published-package.js';
import { newToken, type RegistryPlace, RegistryProcess, runRegistry } from './registry-process.js';
import { slowPublish } from './slow-publish.js';

let directory: string;
let place: RegistryPlace;
const running: RegistryProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-e2e-'));
  place = { store: `file:${directory}/store`, keyFile: join(directory, 'key') };
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.end('SIGKILL');
  rmSync(directory, { recursive: true });
});

async function start(): Promise<RegistryProcess> {
  const server = await RegistryProcess.start(place);
  running.push(server);
  return server;
}

describe('ebpm-registry', () => {
  it('keeps what was published when it is killed and started again', async () => {
    const first = await start();
    const token = await newToken(place, 'alice');
    const sample = testPackage('sigsnoop', '1.0.0');
    expect((await publishTo(first.url, token, sample)).status).toBe(201);
    expect(await first.end('SIGKILL')).toBe('SIGKILL');

    const second = await start();
    expect(await listedVersions(second.url, 'sigsnoop')).toMatchObject([{ version: '1.0.0', publisher: 'alice' }]);
    expect(await servedDigest(second.url, sample.digest)).toBe(sample.digest);
    expect((await publishTo(second.url, token, sample)).status).toBe(200);
  });

  it('stores large archives that come one after another and at once, each with its own bytes', async () => {
    const { url } = await start();
    const token = await newToken(place, 'alice');
    const large = (mb: number) => testPackage(`large-${mb}`, '1.0.0', `${mb}`.padEnd(10).repeat(mb * 100_000));
    const samples = [19, 3, 2].map(large);
    for (const sample of samples) expect((await publishTo(url, token, sample)).status).toBe(201);
    const others = [4, 5].map(large);
    const answers = await Promise.all(others.map((sample) => publishTo(url, token, sample)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    for (const { digest } of [...samples, ...others]) expect(await servedDigest(url, digest)).toBe(digest);
  });

  it('lets the client library follow its changes and check its log, of which private packages are left out', async () => {
    const { url } = await start();
    const token = await newToken(place, 'alice');
    const http = new Http({ userAgent: 'ebpm/test' });
    try {
      const [alice, nobody] = [new RegistryClient(http, url, token), new RegistryClient(http, url)];
      const published = ['open', '@alice/hidden', '@alice/shown'].map((name) => testPackage(name, '1.0.0'));
      for (const { name, version, archive } of published) {
        await alice.publish({ name, version, archive, visibility: name === '@alice/hidden' ? 'private' : 'public' });
      }
      const ending = new AbortController();
      const names: string[] = [];
      for await (const { name } of nobody.followChanges({ signal: ending.signal })) {
        names.push(name);
        if (name === '@alice/shown') ending.abort();
      }
      expect(names).toEqual(['open', '@alice/shown']);

      const [all, some] = await Promise.all([alice.log.entries(1), nobody.log.entries(1)]);
      expect(Buffer.from(all).includes('@alice/hidden')).toBe(true);
      expect(Buffer.from(some).includes('@alice/hidden')).toBe(false);
      for (const { log } of [alice, nobody]) {
        const head = new LogHead(await log.key());
        expect(head.see(await log.checkpoint()).seq).toBe(4);
        head.prove(LOG_START, await log.entries(1));
      }
      expect(await nobody.log.entries(5)).toHaveLength(0);
    } finally {
      await http.close();
    }
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes a publish under way on %s and ends with 0', async (signal) => {
    const server = await start();
    const token = await newToken(place, 'alice');
    const publish = slowPublish(server.url, token, testPackage('sigsnoop', '1.0.0'));
    await publish.accepted;
    const end = server.end(signal);
    await sleep(100);
    publish.send();
    expect([await publish.status, await end]).toEqual([201, 0]);
  });

  it('honours an ended token at once in every process', async () => {
    const [one, two] = [await start(), await start()];
    const token = await newToken(place, 'alice');
    const whoami = async ({ url }: RegistryProcess) =>
      (await fetch(`${url}/api/v1/whoami`, { headers: { authorization: `Bearer ${token}` } })).json();
    const { token: id } = (await whoami(one)) as { token: { id: string } };
    expect(await whoami(two)).toMatchObject({ user: { name: 'alice' } });
    await runRegistry(place, 'token', 'revoke', id.id);
    const answer = await publishTo(two.url, token, testPackage('sigsnoop', '1.0.0'));
    expect(await answer.json()).toMatchObject({ code: 'EBPM_TOKEN_INVALID' });
  });

  it('works on 32 files at a time, or on as many as UV_THREADPOOL_SIZE says', async () => {
    const threadsOf = ({ pid }: RegistryProcess) => readdirSync(`/proc/${pid}/task`).length;
    const byDefault = threadsOf(await start());
    place = { ...place, env: { UV_THREADPOOL_SIZE: '3' } };
    expect(byDefault - threadsOf(await start())).toBe(29);
  });

  it('tells mistakes with a code, a hint and exit code 2, or 1', async () => {
    const wrong = await runRegistry(place, 'user', 'ad', 'alice');
    expect([wrong.exitCode, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('EBPM_REGISTRY_USAGE');
    expect(wrong.stderr).toContain('hint: ');
    const nowhere = await runRegistry(place, 'user', 'list');
    expect([nowhere.exitCode, nowhere.stdout, nowhere.stderr.includes('EBPM_STORE_EMPTY')]).toEqual([1, '', true]);
    await newToken(place, 'alice');
    const nobody = await runRegistry(place, 'token', 'create', 'nobody');
    expect([nobody.exitCode, nobody.stderr.includes('EBPM_USER_NOT_FOUND')]).toEqual([1, true]);
  });

  it('refuses to start with the key of another registry', async () => {
    await newToken(place, 'alice');
    const other = { ...place, store: `file:${directory}/other`, keyFile: join(directory, 'other-key') };
    await newToken(other, 'bob');
    const mixed = await runRegistry({ ...place, keyFile: other.keyFile }, 'user', 'list');
    expect([mixed.exitCode, mixed.stderr.includes('EBPM_REGISTRY_KEY_WRONG')]).toEqual([1, true]);
    expect(readFileSync(place.keyFile, 'utf8')).not.toBe(readFileSync(other.keyFile, 'utf8'));
  });

  it('prints help', async () => {
    const { exitCode, stdout } = await runRegistry(place, 'token', 'create', '--help');
    expect([exitCode, stdout.includes('--expires TIME')]).toEqual([0, true]);
  });
});
