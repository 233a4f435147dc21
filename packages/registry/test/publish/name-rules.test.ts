import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeStatsFile } from '../../src/downloads/stats-file.js';
import { nameRefusal } from '../../src/publish/name-rules.js';
import { statsKey } from '../../src/stores/keys.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let alice: string;
const bob = `u_${'2'.repeat(32)}`;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const token = await world.tokenOf('alice', replica);
  alice = await replica.registry.accounts.userOf('alice');
  for (const name of ['opensnoop', 'ourtool', 'modern']) await publish(replica, token, samplePackage({ name }));
});
afterAll(() => world.close());

describe('nameRefusal()', () => {
  it.each([
    ['opensn00p', 'EBPM_NAME_TOO_SIMILAR', 'opensnoop'],
    ['0pen-snoop', 'EBPM_NAME_TOO_SIMILAR', 'opensnoop'],
    ['modem', 'EBPM_NAME_TOO_SIMILAR', 'modern'],
    ['ourt00l', 'EBPM_NAME_TOO_SIMILAR', 'ourtool'],
    ['opensnop', 'EBPM_NAME_TOO_SIMILAR', 'opensnoop'],
    ['opensnooop', 'EBPM_NAME_TOO_SIMILAR', 'opensnoop'],
    ['opensnoob', 'EBPM_NAME_TOO_SIMILAR', 'opensnoop'],
    ['opesnnoop', 'EBPM_NAME_TOO_SIMILAR', 'opensnoop'],
    ['tcpcnnect', 'EBPM_NAME_TOO_SIMILAR', 'tcpconnect'],
    // A well-known tool that nobody has published here.
    ['tcpc0nnect', 'EBPM_NAME_TOO_SIMILAR', 'tcpconnect'],
    ['rnd-f1ush', 'EBPM_NAME_TOO_SIMILAR', 'mdflush'],
    ['ebpm', 'EBPM_NAME_RESERVED', undefined],
    ['e-b-p-m', 'EBPM_NAME_RESERVED', undefined],
  ])('refuses "%s" with %s', (name, code, similar) => {
    const refusal = nameRefusal(replica.registry, name, bob);
    expect(refusal).toMatchObject({ code });
    if (similar !== undefined) expect(refusal?.data).toMatchObject({ similar });
  });

  it.each(['opensnoop', 'tcpconnect', 'opener', 'my-tool', '@bob/opensn00p', 'biot'])('takes "%s"', (name) => {
    expect(nameRefusal(replica.registry, name, bob)).toBeUndefined();
  });

  it('guards names that were downloaded often of late, on every process that has read of it', async () => {
    const { registry } = await world.replica();
    expect(nameRefusal(registry, 'ourtoool', bob)).toBeUndefined();
    const downloads = new Map([['ourtool', new Map([['1.0.0', 1_000]])]]);
    const file = writeStatsFile({ downloads, of: [] });
    await world.store.create(statsKey(registry.downloads.today(), 'ab'.repeat(8), 1), file);
    await registry.downloads.refresh();
    world.putForward(60_000);
    expect(nameRefusal(registry, 'ourtoool', bob)).toMatchObject({
      code: 'EBPM_NAME_TOO_SIMILAR',
      data: { similar: 'ourtool' },
    });
    expect(nameRefusal(registry, 'ourtoool', alice)).toBeUndefined();
    expect(nameRefusal(registry, 'othertool', bob)).toBeUndefined();
    // Ninety days without a download.
    world.putForward(90 * 86_400_000);
    await registry.downloads.refresh();
    expect(nameRefusal(registry, 'ourtoool', bob)).toBeUndefined();
  });

  it('lets who owns the one have the other', () => {
    expect(nameRefusal(replica.registry, 'opensnop', alice)).toBeUndefined();
    expect(nameRefusal(replica.registry, 'opensn00p', alice)).toBeUndefined();
  });
});
