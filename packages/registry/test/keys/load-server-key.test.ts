import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { People } from '../../src/accounts/people.js';
import { systemClock } from '../../src/clock.js';
import { readOrMakeKeyFile } from '../../src/keys/key-file.js';
import { loadServerKey } from '../../src/keys/load-server-key.js';
import { openRecord, sealRecord } from '../../src/keys/sealed-record.js';
import { serverKey } from '../../src/keys/server-key.js';
import { personKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';

let directory: string;
let store: Store;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-key-'));
  store = createMemoryStore();
});
afterEach(() => rmSync(directory, { recursive: true }));

const failsWith = (code: string) => expect.objectContaining({ code });
const id = `u_${'1'.repeat(32)}`;

describe('loadServerKey()', () => {
  it('makes a key for this user alone when the store has nobody', async () => {
    const path = join(directory, 'config', 'key');
    const key = await loadServerKey(store, path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'config')).mode & 0o777).toBe(0o700);
    expect(await loadServerKey(store, path)).toEqual(key);
  });

  it('says why it cannot read the key', async () => {
    const message = `Cannot read the key in "${directory}": it is a directory`;
    await expect(loadServerKey(store, directory)).rejects.toMatchObject({ code: 'EBPM_REGISTRY_KEY_INVALID', message });
  });

  it('makes one key when many ask for it at once', async () => {
    const path = join(directory, 'key');
    const keys = await Promise.all(Array.from({ length: 8 }, () => readOrMakeKeyFile(path)));
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(readdirSync(directory)).toEqual(['key']);
  });

  it('refuses a missing key when the store has people', async () => {
    await new People(store, serverKey(new Uint8Array(32)), systemClock).claim('alice', id, () => false);
    const path = join(directory, 'key');
    await expect(loadServerKey(store, path)).rejects.toEqual(failsWith('EBPM_REGISTRY_KEY_MISSING'));
    expect(() => statSync(path)).toThrow();
  });

  it('refuses the key of another registry', async () => {
    await new People(store, serverKey(new Uint8Array(32)), systemClock).claim('alice', id, () => false);
    const path = join(directory, 'key');
    await readOrMakeKeyFile(path);
    await expect(loadServerKey(store, path)).rejects.toEqual(failsWith('EBPM_REGISTRY_KEY_WRONG'));
  });

  it.each(['', 'secret', 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(5000)])(
    'refuses a file that is no key',
    async (text) => {
      const path = join(directory, 'key');
      writeFileSync(path, text);
      await expect(loadServerKey(store, path)).rejects.toEqual(failsWith('EBPM_REGISTRY_KEY_INVALID'));
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});

describe('openRecord()', () => {
  const key = serverKey(new Uint8Array(32).fill(1));
  const place = personKey(id, 1);
  const sealed = sealRecord(key, place, { name: 'alice' });

  it('opens what sealRecord() sealed, which differs each time', () => {
    expect(openRecord(key, place, sealed)).toEqual({ name: 'alice' });
    expect(sealRecord(key, place, { name: 'alice' })).not.toEqual(sealed);
  });

  it('refuses a record with another key', () => {
    const other = serverKey(new Uint8Array(32).fill(2));
    expect(() => openRecord(other, place, sealed)).toThrow(failsWith('EBPM_REGISTRY_KEY_WRONG'));
  });

  it.each<[string, Uint8Array, ReturnType<typeof personKey>]>([
    ['that lies elsewhere', sealed, personKey(id, 2)],
    ['with a changed byte', flipped('data'), place],
    ['with a changed tag', flipped('tag'), place],
    ['with a shorter tag', changed((record) => ({ ...record, tag: record['tag']?.slice(0, 6) })), place],
    ['of another version', changed((record) => ({ ...record, v: 2 })), place],
    ['that is no JSON', Buffer.from('x'), place],
    ['that is null', Buffer.from('null'), place],
  ])('refuses a record %s', (_what, bytes, where) => {
    expect(() => openRecord(key, where, bytes)).toThrow(failsWith('EBPM_PERSON_DAMAGED'));
  });

  function changed(change: (record: Record<string, string>) => object): Uint8Array {
    return Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(sealed).toString()))));
  }

  function flipped(field: string): Uint8Array {
    return changed((record) => ({
      ...record,
      [field]: (record[field]?.startsWith('A') ? 'B' : 'A') + record[field]?.slice(1),
    }));
  }
});
