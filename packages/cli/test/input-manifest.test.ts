import { packTar } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { storedRecord } from '../../client/test/stored-version.js';
import { inputManifest } from '../src/input-manifest.js';

const NOWHERE = { home: '/no/such/home' };
const MANIFEST = { manifest: 1, name: 'sigsnoop', version: '1.0.0' };

describe('inputManifest()', () => {
  it('inputManifest() reads the manifest in the archive that was read for the entry, and no file again', async () => {
    const archive = packTar([{ path: 'ebpm.json', bytes: Buffer.from(JSON.stringify(MANIFEST)) }]);
    const input = { bytes: new Uint8Array(), source: 'x', installed: storedRecord() };
    expect(await inputManifest(NOWHERE, { ...input, archive: () => archive })).toEqual(MANIFEST);
    await expect(inputManifest(NOWHERE, input)).rejects.toMatchObject({ code: 'EBPM_STORE_DAMAGED' });
  });

  it('inputManifest() passes on that the archive is not what was installed', async () => {
    const archive = () => {
      throw new TypeError('not what was installed');
    };
    const input = { bytes: new Uint8Array(), source: 'x', installed: storedRecord(), archive };
    await expect(inputManifest(NOWHERE, input)).rejects.toThrow('not what was installed');
  });
});
