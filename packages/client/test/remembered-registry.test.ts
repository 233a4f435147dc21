import { digestOf } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../src/archive-store.js';
import { Http } from '../src/http.js';
import { MAX_EAGER_ARCHIVE_BYTES } from '../src/limits.js';
import { RegistryClient } from '../src/registry-client.js';
import { RememberedRegistry } from '../src/remembered-registry.js';
import { TrustedLog } from '../src/trust/trusted-log.js';
import { RegistryDouble } from './registry-double.js';
import { samplePackage } from './sample-package.js';
import { temporaryHome } from './temporary-home.js';

const SMALL = samplePackage({ name: 'small', manifest: { dependencies: { lib: '^1.0.0' } } });

let double: RegistryDouble;
let http: Http;
let home: string;
let opened: number;
let registry: RememberedRegistry;
beforeEach(async () => {
  double = await new RegistryDouble().open();
  http = new Http({ userAgent: 'ebpm/test' });
  home = temporaryHome();
  opened = 0;
  registry = new RememberedRegistry(home, new TrustedLog(home, double.url), async () => {
    opened++;
    return new RegistryClient(http, double.url);
  });
});
afterEach(async () => {
  await http.close();
  await double.close();
});

const blobPath = (digest: string) => `/api/v1/blobs/sha256/${digest.slice('sha256:'.length)}`;

describe('RememberedRegistry', () => {
  it('opens its registry once, and only when it is asked something', async () => {
    double.add(SMALL);
    expect([registry.url, registry.isOffline, opened]).toEqual([double.url, false, 0]);
    await Promise.all([registry.package('small'), registry.package('small'), registry.version('small', '1.0.0')]);
    expect(opened).toBe(1);
  });

  it('reads what a version needs out of its archive, which is not asked for again', async () => {
    double.add(SMALL);
    const { manifest } = await registry.version('small', '1.0.0');
    expect(manifest).toMatchObject({ name: 'small', dependencies: { lib: '^1.0.0' } });
    expect(digestOf(await registry.blob(SMALL.digest))).toBe(SMALL.digest);
    expect(double.asked).toEqual(['/api/v1/packages/small', blobPath(SMALL.digest)]);
  });

  it('takes an archive that is in the store', async () => {
    double.add(SMALL);
    await new ArchiveStore(home).write(SMALL.digest, SMALL.archive);
    expect((await registry.version('small', '1.0.0')).manifest).toMatchObject({ name: 'small' });
    expect(double.asked).toEqual(['/api/v1/packages/small']);
  });

  it('asks for the manifest alone where the archive is large, or is not what it has to be', async () => {
    const large = samplePackage({ name: 'large', content: 'x'.repeat(MAX_EAGER_ARCHIVE_BYTES) });
    double.add(SMALL).add(large).swap(SMALL.digest, large.archive);
    for (const name of ['large', 'small']) expect(await registry.version(name, '1.0.0')).toMatchObject({ name });
    expect(double.asked).toContain('/api/v1/packages/large/versions/1.0.0');
    expect(double.asked).toContain('/api/v1/packages/small/versions/1.0.0');
    expect(double.asked).not.toContain(blobPath(large.digest));
  });
});
