import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/commands/parse-command-line.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-verify-command-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function run(...words: string[]): Promise<string[]> {
  const { command, input } = parseCommandLine([...words, '--store', `file:${directory}/store`]);
  const lines: string[] = [];
  const running = command.run(input, {
    env: { HOME: directory, EBPM_REGISTRY_KEY_FILE: join(directory, 'key') },
    logStream: { write: () => {} },
    signal: new AbortController().signal,
    print: (printed) => lines.push(printed),
  });
  await running.catch((error: unknown) => {
    throw Object.assign(error as Error, { lines });
  });
  return lines;
}

describe('verify', () => {
  it('vouches for a sound registry, and names what is wrong in another', async () => {
    await run('user', 'add', 'alice');
    expect(await run('verify')).toEqual([expect.stringContaining('entries of the log')]);
    const entry = join(directory, 'store/accounts/000000000002');
    writeFileSync(entry, readFileSync(entry, 'utf8').replace('"seq":2', '"seq":3'));
    await expect(run('verify')).rejects.toMatchObject({
      code: 'EBPM_VERIFY_FAILED',
      lines: expect.arrayContaining([expect.stringMatching(/^problem: /)]),
    });
  });
});

describe('commands that need a registry', () => {
  it.each([
    ['verify'],
    ['redact', '--offline'],
    ['gc', '--dry-run'],
    ['upgrade'],
    ['backup', 'file:backup'],
    ['restore', 'memory:'],
    ['user', 'list'],
    ['user', 'reset', 'alice'],
    ['token', 'create', 'alice'],
    ['organisation', 'show', 'acme'],
    ['owner', 'add', 'sigsnoop', 'alice'],
  ])('%s refuses a store without one, and makes none', async (...words) => {
    const mistyped = join(directory, 'mistyped');
    for (const address of [`file:${mistyped}`, `file:${directory}`, 'memory:']) {
      const { command, input } = parseCommandLine([...words, '--store', address]);
      const before = readdirSync(directory);
      const running = command.run(input, {
        env: { HOME: directory },
        logStream: { write: () => {} },
        signal: new AbortController().signal,
        print: () => expect.fail('there is nothing to say'),
      });
      const named = words[0] === 'restore' ? 'memory:' : address;
      await expect(running).rejects.toMatchObject({
        code: 'EBPM_STORE_EMPTY',
        message: `Cannot use the store "${named}": there is no registry in it`,
      });
      expect(readdirSync(directory)).toEqual(before);
      expect(existsSync('backup')).toBe(false);
    }
  });

  it('restore makes nothing where its source is no registry', async () => {
    const { command, input } = parseCommandLine(['restore', `file:${directory}/a`, '--store', `file:${directory}/b`]);
    const running = command.run(input, {
      env: { HOME: directory },
      logStream: { write: () => {} },
      signal: new AbortController().signal,
      print: () => expect.fail('there is nothing to say'),
    });
    await expect(running).rejects.toMatchObject({ code: 'EBPM_STORE_EMPTY' });
    expect(['a', 'b'].filter((name) => existsSync(join(directory, name)))).toEqual([]);
  });
});
