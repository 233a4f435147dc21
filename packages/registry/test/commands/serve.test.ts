import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/commands/parse-command-line.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-serve-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs a command as `main` does, and gives what it prints. */
async function run(line: string, onLine: (line: string) => Promise<void> | void = () => {}): Promise<string[]> {
  const { command, input } = parseCommandLine(line.split(' '));
  const ending = new AbortController();
  const lines: string[] = [];
  await command.run(input, {
    env: { HOME: directory },
    logStream: { write: () => {} },
    signal: ending.signal,
    print(printed) {
      lines.push(printed);
      if (command.name === '') void Promise.resolve(onLine(printed)).finally(() => ending.abort());
    },
  });
  return lines;
}

const failsWith = (code: string) => expect.objectContaining({ code });

describe('ebpm-registry', () => {
  it('starts on an empty directory, says where it listens, and ends when asked to', async () => {
    let health: unknown;
    const lines = await run(`--store file:${directory}/store --port 0`, async (line) => {
      health = await (await fetch(`${line.replace('listening on ', '')}/healthz`)).json();
    });
    expect(lines).toEqual([expect.stringMatching(/^listening on http:\/\/127\.0\.0\.1:[1-9]\d*$/)]);
    expect(health).toEqual({ status: 'ok', seq: 1 });
    expect(statSync(join(directory, '.config/ebpm-registry/key')).mode & 0o777).toBe(0o600);
  });

  it('prints where it listens as JSON, also for IPv6', async () => {
    const [line = ''] = await run(`--store file:${directory}/store --port 0 --host ::1 --json`);
    expect(JSON.parse(line)).toEqual({ listening: expect.stringMatching(/^http:\/\/\[::1\]:\d+$/) });
  });

  it('refuses a port that is taken with EBPM_REGISTRY_ADDRESS', async () => {
    let second: unknown;
    await run(`--store file:${directory}/store --port 0`, async (line) => {
      second = await run(`--store file:${directory}/store --port ${new URL(line.slice(13)).port}`).catch(
        (error) => error,
      );
    });
    expect(second).toEqual(failsWith('EBPM_REGISTRY_ADDRESS'));
  });

  it.each([
    ['--port 0', 'EBPM_REGISTRY_USAGE'],
    ['--store memory: --port 70000', 'EBPM_REGISTRY_USAGE'],
    ['--store memory: --port x', 'EBPM_REGISTRY_USAGE'],
    ['--store memory: --log-level loud', 'EBPM_REGISTRY_USAGE'],
    ['--store nothing', 'EBPM_STORE_URL'],
    ['--store s3://bucket', 'EBPM_STORE_URL'],
  ])('refuses "%s" with %s', async (line, code) => {
    await expect(run(line)).rejects.toEqual(failsWith(code));
  });
});

describe('user and token commands', () => {
  it('make, list and end accounts on a store', async () => {
    const store = `--store file:${directory}/store --key-file ${directory}/key`;
    expect(await run(`user add alice ${store}`)).toEqual(['added alice']);
    const [token = ''] = await run(`token create alice ${store}`);
    expect(token).toMatch(/^ebpm_/);
    const [made = ''] = await run(`token create alice --expires 1d --json ${store}`);
    const { id } = JSON.parse(made);
    expect(await run(`token revoke ${id} ${store}`)).toEqual([`revoked ${id}`]);

    const [listed = ''] = await run(`user list --json ${store}`);
    expect(JSON.parse(listed)).toMatchObject([
      { name: 'alice', tokens: [{ state: 'valid' }, { id, state: 'revoked' }] },
    ]);
    expect(listed).not.toMatch(/hash|ebpm_/);
    expect((await run(`user list ${store}`)).map((line) => line.trim().split(/ {2}/)[0])).toEqual([
      'alice',
      expect.stringMatching(/^t_/),
      id,
    ]);
    expect(readFileSync(`${directory}/key`, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });
});
