import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const CLONE = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-no-sqlite-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(CLONE, 'node_modules'))) {
    const path = join(CLONE, 'node_modules', name);
    if (!name.startsWith('better-sqlite3')) symlinkSync(path, join(modules, name));
    else for (const part of ['package.json', 'lib']) cpSync(join(path, part), join(modules, name, part), COPIED);
  }
  for (const part of ['package.json', 'bin', 'dist'])
    cpSync(join(CLONE, 'packages/registry', part), join(folder, part), COPIED);
});
afterAll(() => rmSync(folder, { recursive: true }));

const COPIED = { recursive: true };

/** The registry with all modules that it needs, and none of better-sqlite3's compiled parts. */
function addUser() {
  const program = join(folder, 'bin/ebpm-registry.cjs');
  const args = ['user', 'add', 'alice', '--store', 'memory:', '--key-file', join(folder, 'key')];
  return promisify(execFile)(process.execPath, [program, ...args]);
}

const SAID = new RegExp(
  [
    '^error: Cannot open SQLite: the compiled part of "(better-sqlite3(?:-napi)?)" is missing, .* \\(EBPM_SQLITE_UNUSABLE\\)\\n',
    'hint: Type in the folder that holds node_modules: npm rebuild \\1\\n$',
  ].join(''),
);

it('ebpm-registry says in two lines what to type where the compiled part of better-sqlite3 is missing', async () => {
  await expect(addUser()).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(SAID) });
});

it('ebpm-registry says the same where that part cannot be loaded', async () => {
  for (const path of ['better-sqlite3/build/Release', 'better-sqlite3-napi/build/Release']) {
    mkdirSync(join(folder, 'node_modules', path), COPIED);
    writeFileSync(join(folder, 'node_modules', path, 'better_sqlite3.node'), 'made for another machine');
  }
  await expect(addUser()).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(SAID) });
});
