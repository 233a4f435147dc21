import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { digestOf, type PackageFacts } from '@ebpm/formats';
import { FACTS_VERSION, factsBytes } from '@ebpm/object';
import {
  apiVersionKind,
  cliErrorKind,
  cliInfoKind,
  cliInspectKind,
  cliInstallKind,
  cliListKind,
  cliLoginKind,
  cliLogoutKind,
  cliPublishKind,
  cliSearchKind,
  cliUninstallKind,
  cliWhoamiKind,
  type Kind,
  validate,
} from '@ebpm/schemas';
import { type TOTP, URI } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, stop } from '../../packages/client/test/loopback-server.js';
import { EBPM } from '../kernels/installation.js';
import { versionPath } from './installed-version.js';
import { openWorld, type World } from './open-world.js';
import type { CommandResult } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** A user at a keyboard: a home, and the registry in the environment. */
class Person {
  readonly home = world.newHome();
  env: Record<string, string> = { EBPM_HOME: this.home, EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };

  run(...args: readonly string[]): Promise<CommandResult> {
    return runEbpm(args, { env: this.env });
  }

  /** Runs a command with --json and checks the result by its schema. */
  async json<T>(kind: Kind<T>, ...args: readonly string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await this.run(...args, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return valid(kind, stdout);
  }

  /** Runs a command that is to fail, with --json, and gives its code and exit code. */
  async failure(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout } = await this.run(...args, '--json');
    return `${valid(cliErrorKind, stdout).error.code} ${exitCode}`;
  }
}

function valid<T>(kind: Kind<T>, text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`);
  return checked.value;
}

describe('ebpm login, logout, whoami', () => {
  it('ebpm login keeps a token that was piped, with mode 600, and the first registry is the default', async () => {
    const home = world.newHome();
    const { url } = world.registry;
    const env = { EBPM_HOME: home };
    const login = await runEbpm(['login', '--registry', url, '--json'], { env, input: `${world.token}\n` });
    expect(valid(cliLoginKind, login.stdout)).toMatchObject({ registry: url, user: { name: 'alice' }, default: true });
    expect(statSync(join(home, 'registries.json')).mode & 0o777).toBe(0o600);
    const whoami = await runEbpm(['whoami', '--json'], { env });
    expect(valid(cliWhoamiKind, whoami.stdout)).toMatchObject({ registry: url, user: { name: 'alice' } });
    const logout = await runEbpm(['logout', '--json'], { env });
    expect(valid(cliLogoutKind, logout.stdout)).toEqual({ registry: url, removed: true });
    expect(await runEbpm(['whoami'], { env })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('code: EBPM_REGISTRY_UNSET'),
    });
  });

  it('ebpm logout --scope forgets the registry of that scope, and no other', async () => {
    const { url } = world.registry;
    const env = { EBPM_HOME: world.newHome() };
    await runEbpm(['login', '--registry', url], { env, input: world.token });
    for (const more of [{}, { EBPM_REGISTRY: url }]) {
      const { exitCode, stderr } = await runEbpm(['logout', '--scope', '@acme'], { env: { ...env, ...more } });
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('EBPM_REGISTRY_UNSET') });
      expect(stderr).toContain('"@acme": this scope has none of its own');
    }
    expect((await runEbpm(['whoami'], { env })).stdout).toBe('alice\n');
    const other = url.replace('127.0.0.1', 'localhost');
    await runEbpm(['login', '--registry', other, '--scope', '@acme'], { env, input: world.token });
    const { stdout } = await runEbpm(['logout', '--scope', '@acme', '--json'], { env });
    expect(valid(cliLogoutKind, stdout)).toEqual({ registry: other, removed: true });
    expect((await runEbpm(['whoami'], { env })).stdout).toBe('alice\n');
  });

  it('ebpm login asks on a terminal and does not show what is typed', async () => {
    const home = world.newHome();
    const question = `Token for ${world.registry.url}: `;
    // script(1) gives the command a terminal; what it shows is what a person sees.
    const command = `${process.execPath} ${EBPM} login --registry ${world.registry.url}`;
    const env = { PATH: process.env['PATH'] ?? '', EBPM_HOME: home, TERM: 'dumb' };
    const terminal = spawn('script', ['-qefc', command, '/dev/null'], { env });
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (text.endsWith(question)) terminal.stdin.write(`${world.token}\r`);
    });
    await once(terminal, 'close');
    expect(shown).toContain(question);
    expect(shown).toContain('as alice');
    expect(shown).not.toContain(world.token);
    expect(readFileSync(join(home, 'registries.json'), 'utf8')).toContain(world.token);
  });

  it('ebpm login saves no token that the registry does not know, and never prints one', async () => {
    const person = new Person();
    const wrong = `ebpm_${'x'.repeat(43)}`;
    const result = await runEbpm(['login'], { env: person.env, input: wrong });
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('code: EBPM_TOKEN_INVALID') });
    expect(result.stdout + result.stderr).not.toContain(wrong);
    expect(existsSync(person.home)).toBe(false);
    expect(await person.failure('login')).toBe('EBPM_TOKEN_MALFORMED 2');
  });

  it('ebpm refuses credentials that others can read', async () => {
    const person = new Person();
    await runEbpm(['login'], { env: person.env, input: world.token });
    chmodSync(join(person.home, 'registries.json'), 0o644);
    expect(await person.failure('whoami')).toBe('EBPM_CREDENTIALS_UNUSABLE 1');
    await runEbpm(['login'], { env: person.env, input: world.token });
    expect(await person.run('whoami')).toMatchObject({ exitCode: 0, stdout: 'alice\n' });
  });
});

describe('ebpm publish, search, info, install, list, uninstall', () => {
  it('ebpm takes a package through its whole life', async () => {
    const [author, user] = [new Person(), new Person()];
    delete user.env['EBPM_TOKEN'];
    const project = world.newProject({ name: 'whole-life', keywords: ['signals'] });
    const dry = await author.json(cliPublishKind, 'publish', project, '--dry-run');
    expect(dry).toMatchObject({ name: 'whole-life', dryRun: true });
    expect(await user.failure('install', 'whole-life')).toBe('EBPM_PACKAGE_NOT_FOUND 1');
    const published = await author.json(cliPublishKind, 'publish', project);
    expect(published).toMatchObject({ digest: dry.digest, created: true, dryRun: false });
    expect(published.files.map(({ path }) => path)).toEqual(['ebpm.json', 'package.json']);
    expect(await author.json(cliPublishKind, 'publish', project)).toMatchObject({ created: false, seq: published.seq });

    const found = await user.json(cliSearchKind, 'search', 'signals');
    expect(found).toMatchObject({ total: 1, results: [{ name: 'whole-life', version: '1.0.0', publisher: 'alice' }] });
    expect(await user.run('search', 'signols')).toMatchObject({
      stdout: expect.stringContaining('whole-life'),
      stderr: 'Nothing has "signols"; this is "signals"\n',
    });
    const info = await user.json(cliInfoKind, 'info', 'whole-life');
    expect(info).toMatchObject({ digest: dry.digest, tags: { latest: '1.0.0' }, installed: [] });

    const install = ['install', 'whole-life', 'whole-life@^1'];
    const installed = await user.json(cliInstallKind, ...install);
    expect(installed.packages.map(({ already, current }) => [already, current])).toEqual([
      [false, true],
      [true, true],
    ]);
    const listed = await user.json(cliListKind, 'list');
    expect(listed.packages).toMatchObject([
      { name: 'whole-life', version: '1.0.0', current: true, digest: dry.digest },
    ]);
    expect(await user.json(cliInfoKind, 'info', 'whole-life')).toMatchObject({ installed: ['1.0.0'] });
    const removed = await user.json(cliUninstallKind, 'uninstall', 'whole-life');
    expect(removed).toEqual({ packages: [{ name: 'whole-life', removed: ['1.0.0'], kept: [] }] });
    expect(await user.json(cliListKind, 'list')).toEqual({ packages: [] });
    expect(await user.failure('uninstall', 'whole-life')).toBe('EBPM_NOT_INSTALLED 1');
  });

  it('ebpm inspect and the registry say the same of a package, byte for byte, and search finds what it may do', async () => {
    const person = new Person();
    const project = world.newProject({ name: 'tells', description: 'Watches programs start' });
    const golden = new URL('../../packages/object/test/facts/golden/bootstrap.json', import.meta.url);
    copyFileSync(golden, join(project, 'dist/package.json'));
    await person.json(cliPublishKind, 'publish', project);
    const answer = await fetch(`${world.registry.url}/api/v1/packages/tells/versions/1.0.0`);
    const { facts, factsDigest } = valid(apiVersionKind, await answer.text());
    const inspected = await person.run('inspect', 'tells', '--json');
    expect(valid(cliInspectKind, inspected.stdout).facts).toEqual(facts);
    const bytes = factsBytes(facts as unknown as PackageFacts);
    expect(digestOf(bytes)).toBe(factsDigest);
    expect(new TextDecoder().decode(bytes)).toBe(
      readFileSync(new URL(`bootstrap.facts-${FACTS_VERSION}.txt`, golden), 'utf8'),
    );

    const found = async (query: string) =>
      (await person.json(cliSearchKind, 'search', query)).results.map(({ name }) => name);
    expect(await found('tells permission:sees-file-paths')).toEqual(['tells']);
    expect(await found('tells permission:sends-signals')).toEqual([]);
    expect(await person.failure('search', 'permission:anything')).toBe('EBPM_SEARCH_FILTER_INVALID 1');
  });

  it('ebpm publish takes a bare package.json with a name and a version', async () => {
    const person = new Person();
    const file = join(world.newProject(), 'dist/package.json');
    expect(await person.failure('publish', file)).toBe('EBPM_USAGE_INVALID 2');
    const published = await person.json(cliPublishKind, 'publish', file, '--name', '@alice/bare', '--version', '0.1.0');
    expect(published).toMatchObject({ name: '@alice/bare', version: '0.1.0', created: true });
    expect((await person.run('install', '@alice/bare')).exitCode).toBe(0);
    expect((await person.run('run', '@alice/bare', '--help')).stdout).toContain('Usage: tiny_bpf');
  });

  it('ebpm publish refuses what must not leave, and a version that exists with other contents', async () => {
    const person = new Person();
    const project = world.newProject({ name: 'refused' });
    writeFileSync(join(project, 'dist/package.json'), '{"bpf_object":"","bpf_object_size":0,"meta":{}}');
    expect(await person.failure('publish', project)).toMatch(/^EBPM_PACKAGE_\w+ 1$/);
    rmSync(join(project, 'dist'), { recursive: true });
    expect(await person.failure('publish', project)).toBe('EBPM_ENTRY_MISSING 1');
    expect(await person.failure('publish', world.newProject({ private: true }))).toBe('EBPM_PACKAGE_PRIVATE 1');
    expect(await person.failure('info', 'refused')).toBe('EBPM_PACKAGE_NOT_FOUND 1');

    await person.run('publish', world.newProject({ name: 'taken' }));
    const other = world.newProject({ name: 'taken', description: 'another one' });
    expect(await person.failure('publish', other)).toBe('EBPM_VERSION_EXISTS 1');
  });

  it('ebpm publish of a prerelease needs a tag, which install then takes', async () => {
    const person = new Person();
    const project = world.newProject({ name: 'early', version: '1.0.0-rc.1' });
    expect(await person.failure('publish', project)).toBe('EBPM_TAG_REQUIRED 1');
    expect(await person.failure('publish', project, '--tag', '1.0')).toBe('EBPM_TAG_INVALID 2');
    expect(await person.json(cliPublishKind, 'publish', project, '--tag', 'next')).toMatchObject({ tag: 'next' });
    expect(await person.failure('install', 'early')).toBe('EBPM_VERSION_NOT_FOUND 1');
    expect((await person.run('run', 'early@next', '--help')).exitCode).toBe(0);
    expect((await person.json(cliListKind, 'list')).packages).toMatchObject([{ version: '1.0.0-rc.1', tag: 'next' }]);
  });

  it('ebpm publish --visibility private makes a package that only some may read', async () => {
    const [author, other] = [new Person(), new Person()];
    delete other.env['EBPM_TOKEN'];
    const project = world.newProject({ name: '@alice/hidden' });
    expect(await author.failure('publish', project, '--visibility', 'secret')).toBe('EBPM_USAGE_INVALID 2');
    await author.json(cliPublishKind, 'publish', project, '--visibility', 'private');
    expect(await author.json(cliInfoKind, 'info', '@alice/hidden')).toMatchObject({ version: '1.0.0' });
    expect(await other.failure('info', '@alice/hidden')).toBe('EBPM_PACKAGE_NOT_FOUND 1');
  });

  it('ebpm publish --otp sends the one-time code that a package wants', async () => {
    const person = new Person();
    await person.run('publish', world.newProject({ name: 'coded' }));
    const call = (method: string, path: string, body?: object) =>
      fetch(`${world.registry.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${world.token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
    const { uri } = (await (await call('POST', 'account/otp')).json()) as { uri: string };
    const app = URI.parse(uri) as TOTP;
    const code = (aheadMs: number) => app.generate({ timestamp: Date.now() + aheadMs });
    expect((await call('PUT', 'account/otp', { code: code(0) })).status).toBe(204);
    expect((await call('PUT', 'packages/coded/policy', { otp: true, trustedOnly: false })).status).toBe(204);

    const next = world.newProject({ name: 'coded', version: '1.1.0' });
    expect(await person.failure('publish', next)).toBe('EBPM_OTP_REQUIRED 1');
    // The code of before is good no more, that of the next half minute already.
    expect(await person.json(cliPublishKind, 'publish', next, '--otp', code(30_000))).toMatchObject({ created: true });
  });

  it('ebpm search shows one page and says how to see the next', async () => {
    const person = new Person();
    for (const name of ['page-a', 'page-b', 'page-c']) await person.run('publish', world.newProject({ name }));
    const first = await person.run('search', 'page', '--limit', '2');
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(2);
    const cursor = /2 of 3; more: --cursor (\S+)\n/.exec(first.stderr)?.[1] ?? '';
    const second = await person.json(cliSearchKind, 'search', 'page', '--limit', '2', '--cursor', cursor);
    expect([...first.stdout.matchAll(/^page-\w/gm)].map(String)).not.toContain(second.results[0]?.name);
    expect(await person.run('search', 'nothing-has-this')).toMatchObject({ stdout: '', stderr: 'Nothing was found\n' });
  });

  it('ebpm shows no control character of a package to a terminal', async () => {
    const person = new Person();
    const description = 'evil \u001b]0;title\u0007 \u202e text';
    await person.run('publish', world.newProject({ name: 'evil', description }));
    for (const args of [
      ['search', 'evil'],
      ['info', 'evil'],
    ]) {
      const { stdout } = await person.run(...args);
      expect(stdout).toContain('evil \\x1b]0;title\\x07 \\u202e text');
      expect([...stdout].filter((character) => '\u001b\u0007\u202e'.includes(character))).toEqual([]);
    }
    expect((await person.json(cliInfoKind, 'info', 'evil')).manifest['description']).toBe(description);
  });
});

describe('ebpm run NAME', () => {
  it('ebpm run installs what is missing, keeps what the name stands for, and says why it cannot', async () => {
    const person = new Person();
    await person.run('publish', world.newProject({ name: 'runs' }));
    await person.run('publish', world.newProject({ name: 'runs', version: '2.0.0' }));
    expect((await person.run('run', 'runs@^1', '--help')).stdout).toContain('Usage: tiny_bpf');
    expect((await person.run('run', 'runs@2.0.0', '--help')).exitCode).toBe(0);
    const listed = await person.json(cliListKind, 'list');
    expect(listed.packages.map(({ version, current }) => [version, current])).toEqual([
      ['2.0.0', false],
      ['1.0.0', true],
    ]);
    expect(await person.run('run', 'nowhere', '--help')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('code: EBPM_PACKAGE_NOT_FOUND'),
    });
    delete person.env['EBPM_REGISTRY'];
    expect(await person.run('run', 'nowhere')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('code: EBPM_REGISTRY_UNSET'),
    });
    expect(await person.failure('check', 'nowhere')).toBe('EBPM_REGISTRY_UNSET 2');
  });

  it('ebpm run of an installed package whose entry was changed refuses it', async () => {
    const person = new Person();
    await person.run('publish', world.newProject({ name: 'swapped' }));
    await person.json(cliInstallKind, 'install', 'swapped');
    writeFileSync(versionPath(person.home, 'swapped@1.0.0'), 'other');
    expect(await person.run('run', 'swapped', '--help')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('code: EBPM_STORE_DAMAGED'),
    });
    expect((await person.run('install', 'swapped@1.0.0')).exitCode).toBe(0);
    expect((await person.run('run', 'swapped', '--help')).exitCode).toBe(0);
  });
});

describe('what goes wrong', () => {
  it('ebpm without a registry says what to type', async () => {
    const person = new Person();
    delete person.env['EBPM_REGISTRY'];
    for (const args of [
      ['search', 'x'],
      ['info', 'x'],
      ['install', 'x'],
      ['login'],
      ['whoami'],
      ['publish', world.newProject()],
    ]) {
      const { exitCode, stderr } = await person.run(...args);
      expect([args[0], exitCode]).toEqual([args[0], 2]);
      expect(stderr).toContain('ebpm login --registry');
    }
  });

  it('ebpm names a token that is wrong, revoked or missing', async () => {
    const person = new Person();
    const project = world.newProject({ name: 'tokens' });
    person.env['EBPM_TOKEN'] = `ebpm_${'x'.repeat(43)}`;
    expect(await person.failure('publish', project)).toBe('EBPM_TOKEN_INVALID 1');
    person.env['EBPM_TOKEN'] = await world.revokedToken();
    expect(await person.failure('publish', project)).toBe('EBPM_TOKEN_INVALID 1');
    delete person.env['EBPM_TOKEN'];
    expect(await person.failure('publish', project)).toBe('EBPM_TOKEN_MISSING 1');
    expect(await person.failure('info', 'tokens')).toBe('EBPM_PACKAGE_NOT_FOUND 1');
  });

  it('ebpm names a registry that is down or is none, and writes nothing', async () => {
    const person = new Person();
    person.env['EBPM_REGISTRY'] = 'http://127.0.0.1:9';
    expect(await person.failure('install', 'x')).toBe('EBPM_REGISTRY_UNREACHABLE 1');
    const server = createServer((_, response) => response.end('<html>'));
    person.env['EBPM_REGISTRY'] = `http://127.0.0.1:${await listen(server)}`;
    expect(await person.failure('install', 'x')).toBe('EBPM_REGISTRY_ANSWER_INVALID 1');
    await stop(server);
    person.env['EBPM_REGISTRY'] = 'nowhere';
    expect(await person.failure('install', 'x')).toBe('EBPM_REGISTRY_URL_INVALID 2');
    expect(existsSync(person.home)).toBe(false);
  });

  it('ebpm sends EBPM_TOKEN to no other registry than EBPM_REGISTRY', async () => {
    const person = new Person();
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end('{"code":"EBPM_PACKAGE_NOT_FOUND","message":"none"}');
    });
    await person.run('info', 'x', '--registry', `http://127.0.0.1:${await listen(other)}`);
    await stop(other);
    // The second time it looks for names like it.
    expect(new Set(seen)).toEqual(new Set([undefined]));
    expect(seen.length).toBeGreaterThan(0);
  });

  it.each([
    ['install', './file.json'],
    ['install', 'https://example.org/x'],
    ['uninstall', '-'],
    ['info', 'Not A Name'],
    ['install'],
    ['publish', '--name', 'x'],
    ['search', '--limit', '1000'],
    ['nonsense'],
  ])('ebpm %s %s is wrong usage', async (...args) => {
    const { exitCode, stdout, stderr } = await new Person().run(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('error: ');
  });

  it('ebpm leaves no temporary file behind', async () => {
    const person = new Person();
    await person.run('publish', world.newProject({ name: 'clean' }));
    await person.run('install', 'clean');
    const files = readdirSync(person.home, { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => path.endsWith('.tmp'))).toEqual([]);
    expect(readdirSync(join(person.home, 'packages/tmp'))).toEqual([]);
  });
});
