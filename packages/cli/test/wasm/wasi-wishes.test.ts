import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf, packTar } from '@ebpm/formats';
import { afterAll, describe, expect, it } from 'vitest';
import { withheldText } from '../../src/wasm/wasi-given.js';
import { wasiWishes } from '../../src/wasm/wasi-wishes.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-wishes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MANIFEST = { manifest: 1, name: 'tour', version: '1.0.0', entry: 'app.wasm' };
const BYTES = Buffer.from('\0asm');

/** A version in a store, as `install` leaves it. */
function installed(home: string, manifest: unknown, digest?: Digest) {
  const archive = packTar([
    { path: 'app.wasm', bytes: BYTES },
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify(manifest)) },
  ]);
  mkdirSync(join(home, 'installed'), { recursive: true });
  writeFileSync(join(home, 'installed/tour@1.0.0.tar'), archive);
  const registry = 'https://hub.example.org';
  const version = { name: 'tour', version: '1.0.0', digest: digest ?? digestOf(archive), registry, installedAt: '' };
  return { bytes: BYTES, source: 'tour@1.0.0/app.wasm', installed: version };
}

describe('wasiWishes()', () => {
  it('wasiWishes() reads the ebpm.json of an installed package', async () => {
    const home = join(folder, 'home');
    const wasi = { env: ['HOME'], dirs: [{ path: '/etc' }] };
    expect(await wasiWishes({ home }, installed(home, { ...MANIFEST, wasi }))).toEqual(wasi);
    expect(await wasiWishes({ home }, installed(home, MANIFEST))).toEqual({});
  });

  it('wasiWishes() believes no archive that is not what was installed', async () => {
    const home = join(folder, 'home');
    const changed = installed(home, MANIFEST, `sha256:${'0'.repeat(64)}`);
    await expect(wasiWishes({ home }, changed)).rejects.toMatchObject({ code: 'EBPM_STORE_DAMAGED' });
  });

  it('wasiWishes() reads the ebpm.json of the project that a module was built in, and no other', async () => {
    const project = join(folder, 'project');
    mkdirSync(join(project, 'dist'), { recursive: true });
    writeFileSync(join(project, 'ebpm.json'), JSON.stringify({ ...MANIFEST, wasi: { env: ['TERM'] } }));
    const of = (source: string) => wasiWishes({ home: folder }, { bytes: BYTES, source });
    expect(await of(join(project, 'dist/app.wasm'))).toEqual({ env: ['TERM'] });
    expect(await of(join(project, 'app.wasm'))).toBeUndefined();
    expect(await of(join(project, 'dist/deep/app.wasm'))).toBeUndefined();
    expect(await of('https://example.org/dist/app.wasm')).toBeUndefined();
    expect(await of('-')).toBeUndefined();
  });

  it('wasiWishes() refuses a project whose ebpm.json is not sound', async () => {
    const project = join(folder, 'unsound');
    mkdirSync(join(project, 'dist'), { recursive: true });
    writeFileSync(join(project, 'ebpm.json'), JSON.stringify({ ...MANIFEST, wasi: { env: 'HOME' } }));
    const source = join(project, 'dist/app.wasm');
    await expect(wasiWishes({ home: folder }, { bytes: BYTES, source })).rejects.toMatchObject({
      code: 'EBPM_MANIFEST_INVALID',
    });
  });
});

describe('withheldText()', () => {
  it('withheldText() is a line for each, safe for a terminal, and nothing where all is given', () => {
    expect(withheldText({ withheld: [], unasked: [] })).toBe('');
    const text = withheldText({ withheld: ['wasi:env', 'wasi:dir=/\u001b[2J'], unasked: ['wasi:env=PATH'] });
    expect(text).toMatch(/^Not given .*: --allow=wasi:env,wasi:dir=\/.* gives it\nNot given .*: wasi:env=PATH\n$/);
    expect(text).not.toContain('\u001b');
  });
});
