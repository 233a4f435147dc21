import { openCheckpoint, parseNoteKey } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Entry, START } from '../../src/log/entry.js';
import { readEntry } from '../../src/log/read-entry.js';
import { splitEntries } from '../../src/log/split-entries.js';
import { upgradeLogs } from '../../src/upgrade-logs.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
beforeEach(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
});
afterEach(() => world.close());

const get = (url: string) => replica.app.inject(url);

/** The entries of an answer, each checked against the one before. */
async function entriesOf(body: Buffer, first = 1): Promise<Entry[]> {
  const entries: Entry[] = [];
  const chunks = (async function* () {
    yield body;
  })();
  for await (const bytes of splitEntries(chunks, first)) {
    const before = entries.at(-1)?.hash ?? (first === 1 ? START.hash : undefined);
    entries.push(readEntry(bytes, { log: 'log', seq: first + entries.length, prev: before }));
  }
  return entries;
}

describe('GET /api/v1/log/...', () => {
  it('entries: gives the log as it is stored, page by page', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await publish(replica, token, samplePackage({ version }));
    const all = await get('/api/v1/log/entries');
    expect(all.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect((await entriesOf(all.rawPayload)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const page = await entriesOf((await get('/api/v1/log/entries?from=2&limit=2')).rawPayload, 2);
    expect(page.map(({ ops }) => ops[0]?.op?.['version'])).toEqual(['1.0.0', '1.1.0']);
    expect((await get('/api/v1/log/entries?from=5')).body).toBe('');
  });

  it.each(['from=0', 'from=x', 'limit=0', 'limit=257', 'other=1'])('entries: refuses ?%s', async (query) => {
    const answer = await get(`/api/v1/log/entries?${query}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'EBPM_REQUEST_INVALID']);
  });

  it('checkpoint: is the head, signed with the key, and so is the header of every answer that depends on the log', async () => {
    await publish(replica, token, samplePackage());
    const key = parseNoteKey((await get('/api/v1/log/key')).body);
    const { seq, hash } = replica.registry.log.head();
    const wanted = { registry: replica.registry.log.registry, seq, hash };
    expect(openCheckpoint((await get('/api/v1/log/checkpoint')).body, key)).toMatchObject(wanted);
    for (const url of ['/api/v1/packages/sigsnoop', '/api/v1/search', '/api/v1/log/entries']) {
      const header = String((await get(url)).headers['ebpm-checkpoint']);
      expect(openCheckpoint(Buffer.from(header, 'base64').toString(), key)).toMatchObject(wanted);
    }
    const published = await publish(replica, token, samplePackage({ version: '2.0.0' }));
    const after = Buffer.from(String(published.headers['ebpm-checkpoint']), 'base64').toString();
    expect(openCheckpoint(after, key).seq).toBe(seq + 1);
  });

  it('checkpoint: is signed with the same key by every process', async () => {
    const other = await world.replica();
    expect(other.registry.signedHead.key()).toBe(replica.registry.signedHead.key());
  });

  it('entries: leaves out the operations of a private package, and the chain still verifies', async () => {
    await upgradeLogs(replica.registry, '1.0.0');
    const { log, accountIndex } = replica.registry;
    const [user] = accountIndex.users();
    if (user === undefined) throw new TypeError('there is alice');
    const { archive, digest, ...sample } = samplePackage({ name: '@alice/secret' });
    const fields = { digest, size: archive.length, files: [], manifest: {}, factsVersion: 0, visibility: 'private' };
    await log.commit({ type: 'publish', by: user.id, name: sample.name, version: sample.version, ...fields });
    await publish(replica, token, samplePackage({ name: 'open' }));
    const { body, rawPayload } = await get('/api/v1/log/entries');
    expect(body).not.toContain('secret');
    expect(body).toContain('"open"');
    const entries = await entriesOf(rawPayload);
    expect(entries.at(-1)).toMatchObject({ seq: log.head().seq, hash: log.head().hash });
    expect(entries.flatMap(({ ops }) => ops).filter(({ op }) => op === undefined)).toHaveLength(1);
  });
});
