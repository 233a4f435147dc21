import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliInspectKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyPackage } from '../../packages/client/test/tiny-package.js';
import { compileGuest } from '../../packages/wasm/test/compile-guest.js';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { openWorld } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

const CAN_TRACE = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

const folder = temporaryFolder('wasi');
const data = join(folder, 'data');
const locked = join(folder, 'locked');
const module = join(folder, 'dist/app.wasm');
const env = { EBPM_HOME: join(folder, 'home'), WORD: 'grün' };

beforeAll(() => {
  for (const path of [data, locked, join(folder, 'dist')]) mkdirSync(path);
  // A guest of root is nobody.
  chmodSync(data, 0o777);
  writeFileSync(join(locked, 'file'), 'locked\n');
  writeFileSync(module, compileGuest('packages/wasm/test/wasi/fixtures/tour.c'));
  const wasi = {
    env: ['WORD', 'HOME'],
    dirs: [
      { path: data, guest: '/data', access: 'write' },
      { path: locked, guest: '/locked' },
    ],
  };
  const manifest = { manifest: 1, name: 'tour', version: '1.0.0', entry: 'app.wasm', wasi };
  writeFileSync(join(folder, 'ebpm.json'), JSON.stringify(manifest));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (...words: string[]) => {
  writeFileSync(join(data, 'lines.txt'), 'one\n');
  writeFileSync(join(data, 'gone.txt'), '');
  const result = await runEbpm(['run', ...words], { env });
  return { ...result, lines: result.stdout.split('\n') };
};

describe('ebpm run, of a module that uses WASI', () => {
  it('ebpm run lets it open nothing outside of the folder that it was given', async () => {
    const outside = join(folder, 'dist/outside.wasm');
    writeFileSync(outside, compileGuest('packages/wasm/test/wasi/fixtures/outside.c'));
    writeFileSync(join(folder, 'beside'), 'beside\n');
    symlinkSync('/', join(data, 'root'));
    symlinkSync('../beside', join(data, 'beside'));
    symlinkSync('lines.txt', join(data, 'within'));
    const refused = ['/data/../beside', '/data/root/etc/passwd', '/data/beside', '/etc/passwd'];
    const raw = ['=../beside', '=/etc/passwd', '=root/etc/passwd', '=a/../../beside'];
    const opened = ['/data/lines.txt', '/data/within', '=lines.txt', '=within'];
    const { stdout, exitCode } = await run(`--allow=wasi:write=${data}`, outside, ...refused, ...raw, ...opened);
    for (const name of ['root', 'beside', 'within']) rmSync(join(data, name));
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      ...refused.slice(0, 3).map((path) => `${path}: Operation not permitted`),
      '/etc/passwd: Capabilities insufficient',
      ...raw.slice(0, 3).map((path) => `${path}: Operation not permitted`),
      `${raw[3]}: No such file or directory`,
      ...opened.map((path) => `${path}: opened`),
    ]);
  });

  it('ebpm run gives it nothing by default, and says in a line what to type', async () => {
    const { lines, stderr, exitCode } = await run(module, '--flag');
    expect(lines.slice(0, 4)).toEqual([
      'argv[0]=app.wasm',
      'argv[1]=--flag',
      'WORD=(none) HOME=(none)',
      'opendir /data: Capabilities insufficient',
    ]);
    expect(stderr).toContain(
      `Not given to the module, which asks for it: --allow=wasi:env,wasi:write=${data},wasi:dir=${locked} gives it\n`,
    );
    expect(exitCode).toBe(3);
    expect(readdirSync(data).sort()).toEqual(['gone.txt', 'lines.txt']);
  });

  it('ebpm run gives it what is allowed', async () => {
    const { lines, stderr, exitCode } = await run(`--allow=wasi:env,wasi:write=${data},wasi:dir=${locked}`, module);
    expect(lines).toContain('WORD=grün HOME=(none)');
    expect(lines).toContain('/data/lines.txt: one');
    expect(lines).toContain('fopen /etc/passwd: Capabilities insufficient');
    expect(lines).toContain('locked: Capabilities insufficient');
    expect(lines).toContain('/locked/file: locked');
    expect(stderr).not.toContain('Not given');
    expect(exitCode).toBe(7);
    expect(readdirSync(data).sort()).toEqual(['kept.txt', 'lines.txt', 'new']);
  });

  it('ebpm run gives a folder for reading where no more is allowed, and nothing that is not asked for', async () => {
    const { lines, stderr, exitCode } = await run(`--allow=wasi:dir=${data},wasi:dir=/usr,wasi:env=PATH`, module);
    expect(lines).toContain('/data/lines.txt: one');
    expect(stderr).toContain(`--allow=wasi:env,wasi:write=${data},wasi:dir=${locked} gives it`);
    expect(stderr).toContain('Not given to the module, which does not ask for it: wasi:env=PATH, wasi:dir=/usr\n');
    expect(exitCode).toBe(3);
  });

  it.each([
    [['--allow=wasi:dir=/nowhere/at/all'], 'Cannot give the folder "/nowhere/at/all" to the module'],
    [['--allow=wasi:all'], 'Cannot allow "wasi:all": it is nothing that WASI has'],
  ])('ebpm run refuses %j', async (flags, message) => {
    const alone = join(folder, 'alone.wasm');
    copyFileSync(module, alone);
    const { stderr, exitCode } = await run(...flags, alone);
    expect(stderr).toContain(message);
    expect(exitCode).toBeGreaterThan(0);
  });

  it('ebpm run gives it nothing in a kernel that is thrown away', async () => {
    const { stderr, exitCode } = await run('--kernel=6.12', '--allow=wasi:env', module);
    expect(stderr).toContain('has neither folders nor variables of this machine');
    expect(exitCode).toBe(2);
  });

  it.runIf(CAN_TRACE)('a kernel without openat2 has no files for it, and ebpm no other way to them', () => {
    const words = ['-f', '-o', '/dev/null', '-e', 'trace=openat2', '-e', 'inject=openat2:error=ENOSYS'];
    const command = [process.execPath, EBPM, 'run', `--allow=wasi:env,wasi:write=${data},wasi:dir=${locked}`, module];
    const { stdout } = spawnSync('strace', [...words, ...command], { encoding: 'utf8', env });
    expect(stdout).toContain('opendir /data: Function not implemented\n');
    expect(stdout).toContain('fopen /data/lines.txt: Function not implemented\n');
  });

  it('ebpm run gives what WASI has to modules alone', async () => {
    const json = join(folder, 'package.json');
    writeFileSync(json, tinyPackage());
    const { stderr, exitCode } = await run('--allow=wasi:env', json);
    expect(stderr).toContain('it has no WASM module');
    expect(exitCode).toBe(2);
  });

  it('ebpm inspect tells what it asks for', async () => {
    const { stdout } = await runEbpm(['inspect', '--json', module], { env });
    const checked = validate(cliInspectKind, JSON.parse(stdout));
    expect(checked.ok && checked.value.wasi).toEqual({
      env: ['WORD', 'HOME'],
      dirs: [
        { path: data, guest: '/data', access: 'write' },
        { path: locked, guest: '/locked', access: 'read' },
      ],
    });
    const text = await runEbpm(['inspect', module], { env });
    expect(text.stdout).toContain(`  to change files in ${data}, which it calls /data (wasi:write=${data})\n`);
  });

  it('ebpm run reads what an installed package asks for in the package', async () => {
    const world = await openWorld();
    const own = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token, WORD: 'ja' };
    try {
      const published = await runEbpm(['publish'], { env: own, cwd: folder });
      expect(published).toMatchObject({ exitCode: 0, stderr: '' });
      const { stdout, stderr } = await runEbpm(['run', '--allow=wasi:env', 'tour'], { env: own });
      expect(stdout).toContain('WORD=ja HOME=(none)\n');
      expect(stderr).toContain(`--allow=wasi:write=${data},wasi:dir=${locked} gives it\n`);
    } finally {
      await world.close();
    }
  });
});
