import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { START } from '../src/log/entry.js';
import { RULES } from '../src/log/op.js';
import { opLine, writeEntry } from '../src/log/write-entry.js';
import { entryKey, type LogName } from '../src/stores/keys.js';
import { createMemoryStore } from '../src/stores/memory.js';
import { upgradeLogs } from '../src/upgrade-logs.js';
import { someOp } from './fold/publish-op.js';
import { publish, RegistryWorld, type Replica } from './registry-world.js';
import { samplePackage } from './sample-package.js';

let world: RegistryWorld;
let replica: Replica;

beforeAll(async () => {
  const store = createMemoryStore();
  for (const log of ['log', 'accounts'] as const) await store.create(entryKey(log, 1), genesisOfRules1(log));
  world = new RegistryWorld(store);
  replica = await world.replica();
});
afterAll(() => world.close());

describe('upgradeLogs()', () => {
  it('opens a registry of rules 1 for what rules 2 know, once', async () => {
    const { registry } = replica;
    const token = await world.tokenOf('alice', replica);
    expect((await publish(replica, token, samplePackage())).statusCode).toBe(201);
    const yank = { type: 'yank', by: 'operator', name: 'sigsnoop', version: '1.0.0' } as const;
    await expect(registry.log.commit(yank)).rejects.toMatchObject({ code: 'EBPM_LOG_RULES_OLD' });
    expect(await upgradeLogs(registry, '9.9.9')).toEqual({ rules: RULES, already: false });
    expect(await upgradeLogs(registry, '9.9.9')).toEqual({ rules: RULES, already: true });
    await registry.log.commit(yank);
    expect(registry.packages.package('sigsnoop')?.tags).toEqual({});
  });
});

function genesisOfRules1(log: LogName): Uint8Array {
  const op = someOp('genesis', { by: 'registry', auth: 0, rules: 1, registry: '1'.repeat(32) });
  const nonce = (log === 'log' ? '1' : '2').repeat(32);
  return writeEntry({ after: START, nonce, writer: 'old', timeMs: 0, opLines: [opLine(op)] });
}
