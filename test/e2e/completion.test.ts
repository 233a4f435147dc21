import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliCompletionKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '../../packages/client/src/store.js';
import { STORED_ARCHIVE, storedRecord } from '../../packages/client/test/stored-version.js';
import { runEbpm } from './run-ebpm.js';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-completion-'));
  const store = new Store(join(folder, 'home'));
  for (const name of ['sigsnoop', '@acme/tool']) {
    await store.install(storedRecord({ name }), STORED_ARCHIVE);
    await store.makeCurrent(name, '1.0.0');
  }
  writeFileSync(join(folder, 'ebpm.bash'), (await runEbpm(['completion', 'bash'], { env: {} })).stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `. ./ebpm.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ebpm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { PATH: process.env['PATH'], EBPM_HOME: join(folder, 'home') };
  const text = execFileSync('bash', ['-c', script, 'bash', 'ebpm', ...words], { cwd: folder, env, encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

describe('ebpm completion bash', () => {
  it.each([
    ['commands', ['ins'], ['inspect', 'install']],
    ['commands of a topic', ['tag', ''], ['add', 'ls', 'rm']],
    ['flags', ['install', '--for'], ['--for-kernel']],
    ['flags of a command in a topic', ['tag', 'add', '--reg'], ['--registry']],
    ['values of flags', ['run', '--output', 'j'], ['json']],
    ['values of flags behind a "="', ['run', '--output=j'], ['json']],
    ['values of flags behind a "=" that bash has cut', ['run', '--output', '=', 'j'], ['json']],
    ['all values of flags behind a "=" that bash has cut', ['check', '--kernel', '='], ['6.1', '6.12']],
    ['classes of permissions', ['run', '--allow', 'reads-'], ['reads-kernel-memory', 'reads-user-memory']],
    ['classes of permissions behind a "="', ['install', '--allow=sends'], ['sends-signals']],
    ['classes of permissions behind a comma', ['run', '--allow', 'loads-bpf,sends-s'], ['loads-bpf,sends-signals']],
    [
      'classes of permissions behind commas',
      ['ci', '--allow=wasi:env,loads-bpf,sends-s'],
      ['wasi:env,loads-bpf,sends-signals'],
    ],
    ['scopes of tokens, which are no classes', ['token', 'create', '--allow', 'p'], ['publish']],
    ['kernels of the lab', ['check', '--kernel', ''], ['6.1', '6.12']],
    ['values of arguments', ['completion', ''], ['bash', 'fish', 'zsh']],
    ['settings of a package', ['access', 'set', 'mfa'], ['mfa=none', 'mfa=publish']],
    ['settings of a package behind a "="', ['access', 'set', 'status=pr'], ['private']],
    ['settings of a package behind a "=" that bash has cut', ['access', 'set', 'mfa', '=', 'p'], ['publish']],
    ['all settings of a package behind a "=" that bash has cut', ['access', 'set', 'mfa', '='], ['none', 'publish']],
    ['nothing behind the setting of a package', ['access', 'set', 'mfa', '=', 'none', ''], []],
    ['nothing behind the setting of a package', ['access', 'set', 'mfa=none', ''], []],
    ['installed packages', ['run', 'sig'], ['sigsnoop']],
    ['the flag for tools of the user', ['update', '--gl'], ['--global']],
    ['the flag for tools of the user', ['outdated', '--gl'], ['--global']],
    ['the flag for tools of the user', ['uninstall', '--gl'], ['--global']],
    ['installed packages in scopes', ['uninstall', '@'], ['@acme/tool']],
    ['files', ['build', 'ebpm.'], ['ebpm.bash']],
    ['nothing of its own where the options are those of the program', ['run', 'sigsnoop', '--js'], []],
    ['nothing after what is no command', ['nosuch', ''], []],
  ])('it completes %s', (_what, words, wanted) => {
    expect([...offered(...words)].sort()).toEqual(wanted);
  });
});

describe('ebpm completion', () => {
  it.each(['zsh', 'fish'])('it knows the commands and their flags for %s too', async (shell) => {
    const { exitCode, stdout } = await runEbpm(['completion', shell, '--json'], { env: {} });
    const checked = validate(cliCompletionKind, JSON.parse(stdout));
    if (exitCode !== 0 || !checked.ok) throw new Error(stdout);
    for (const word of ['install', 'for-kernel', 'tag', 'Let a tag name a version', 'sends-signals', '6.1 6.12'])
      expect(checked.value.script).toContain(word);
  });

  it('it refuses a shell that it does not know', async () => {
    expect(await runEbpm(['completion', 'tcsh'], { env: {} })).toMatchObject({ exitCode: 2 });
  });
});
