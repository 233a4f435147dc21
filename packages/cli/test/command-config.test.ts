import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandConfig } from '../src/command-config.js';
import { PACKAGE_ROOT } from '../src/package-json.js';

const EBPM = fileURLToPath(new URL('../bundle/main.js', import.meta.url));

/** A home in which oclif would find a plugin, whose code leaves a mark when it runs. */
let home: string;
let mark: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ebpm-plugin-'));
  mark = join(home, 'plugin-ran');
  const data = join(home, '.local/share/ebpm');
  write(join(data, 'package.json'), {
    oclif: { schema: 1, plugins: [{ name: 'evil', type: 'user' }] },
    dependencies: { evil: '1.0.0' },
  });
  write(join(data, 'node_modules/evil/package.json'), {
    name: 'evil',
    version: '1.0.0',
    oclif: { commands: './commands', hooks: { init: './init.cjs', prerun: './init.cjs' } },
  });
  const code = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`;
  writeFileSync(join(data, 'node_modules/evil/init.cjs'), `${code}\nmodule.exports = async () => {};\n`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
}

describe('commandConfig()', () => {
  it("commandConfig() loads no plugin from the user's data folder, where oclif by itself would", async () => {
    vi.stubEnv('XDG_DATA_HOME', join(home, '.local/share'));
    const careless = new Config({ root: PACKAGE_ROOT });
    await careless.load();
    await careless.runHook('init', { id: undefined, argv: [] });
    expect([careless.plugins.has('evil'), existsSync(mark)]).toEqual([true, true]);
    rmSync(mark);

    const config = await commandConfig();
    await config.runHook('init', { id: undefined, argv: [] });
    expect([[...config.plugins.keys()], existsSync(mark)]).toEqual([['ebpm'], false]);
  });

  it('commandConfig() knows no command of its own', async () => {
    expect((await commandConfig()).commandIDs).toEqual([]);
  });

  it.each([['--help'], ['list'], ['run', '--help'], ['run', '/no/such/package'], ['check', '/no/such/package']])(
    "ebpm %s %s runs no code of a plugin in the user's data folder",
    (...args) => {
      const env = { PATH: process.env['PATH'] ?? '', HOME: home };
      const { status } = spawnSync(process.execPath, [EBPM, ...args], { env });
      expect(status).toBe(args.includes('/no/such/package') ? 1 : 0);
      expect(existsSync(mark)).toBe(false);
    },
  );
});
