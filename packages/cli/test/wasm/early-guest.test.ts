import { closeSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinVersionFile } from '../../../client/src/version-file.js';
import { createContext } from '../../src/context.js';
import { earlyGuest } from '../../src/wasm/early-guest.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-early-'));
const home = join(folder, 'home');
beforeAll(() => {
  installed('as-module', '1.0.0', 'app.wasm');
  installed('as-json', '1.0.0', 'package.json');
  installed('became-json', '1.0.0', 'app.wasm');
  installed('became-json', '1.1.0', 'package.json');
  installed('headers', '1.0.0', undefined);
  writeFileSync(join(home, 'installed/damaged@1.0.0.tar'), 'no record');
  writeFileSync(join(folder, 'module.wasm'), '\0asm and more');
  writeFileSync(join(folder, 'text.wasm'), 'no module');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The record of a version, as `install` leaves it. */
function installed(name: string, version: string, path: string | undefined): void {
  const digest = `sha256:${'0'.repeat(64)}`;
  const entry = path === undefined ? undefined : { path, digest };
  const registry = 'https://hub.example.org';
  const record = { name, version, digest, registry, entry, installedAt: '2026-01-01T00:00:00.000Z' };
  mkdirSync(join(home, 'installed'), { recursive: true });
  writeFileSync(
    join(home, 'installed', `${name}@${version}.tar`),
    joinVersionFile(packTar([]), JSON.stringify(record)),
  );
}

async function startsFor(spec: string): Promise<boolean> {
  const silent = { write: () => true };
  const context = { ...createContext({ EBPM_HOME: home }), stdout: silent, stderr: silent };
  const guest = await earlyGuest(context, spec);
  if (guest === undefined) return false;
  guest.kill();
  await guest.closed;
  closeSync(guest.channel);
  return true;
}

describe('earlyGuest()', () => {
  it.each([
    ['as-module', 'an installed module'],
    ['as-module@^1', 'a range that one is in'],
    ['became-json@1.0.0', 'a version that is one'],
    [join(folder, 'module.wasm'), 'a file with a module in it'],
  ])('earlyGuest() starts a process for %s, %s', async (spec) => {
    expect(await startsFor(spec)).toBe(true);
  });

  it.each([
    ['as-json', 'what is none'],
    ['became-json', 'what is none any more'],
    ['headers', 'what does not run'],
    ['damaged', 'what cannot be read'],
    ['not-there', 'what is not installed'],
    ['as-module@^2', 'a range that it is not in'],
    ['Not A Name', 'what is no name'],
    ['-', 'stdin'],
    [join(folder, 'text.wasm'), 'a file without a module'],
    [join(folder, 'missing.wasm'), 'a file that is not there'],
    [folder, 'a folder'],
  ])('earlyGuest() starts none for %s, %s', async (spec) => {
    expect(await startsFor(spec)).toBe(false);
  });
});
