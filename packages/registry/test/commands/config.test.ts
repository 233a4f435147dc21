import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/commands/parse-command-line.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-config-command-'));
  writeFileSync(join(directory, 'config.json'), '{"store": "memory:", "awsSecretAccessKey": "hunter2"}');
});
afterAll(() => rmSync(directory, { recursive: true }));

async function run(line: string, env: Record<string, string> = {}): Promise<string[]> {
  const { command, input } = parseCommandLine(line.split(' '));
  const lines: string[] = [];
  await command.run(input, {
    env: { HOME: directory, ...env },
    logStream: { write: () => {} },
    signal: new AbortController().signal,
    print: (printed) => lines.push(printed),
  });
  return lines;
}

describe('config check', () => {
  it('reads tokens of upstreams, and neither command shows them', async () => {
    const url = 'https://hub.example.org';
    const env = {
      EBPM_REGISTRY_STORE: 'memory:',
      EBPM_REGISTRY_UPSTREAMS: JSON.stringify([{ url, names: ['*'] }]),
      EBPM_REGISTRY_UPSTREAM_TOKENS: JSON.stringify({ [url]: 'hunter2' }),
    };
    expect(await run('config check', env)).toEqual(['the configuration is sound']);
    expect((await run('config show', env)).join('\n')).toMatch(/^upstreamTokens +variable +\(hidden\)$/m);
    for (const tokens of [{ 'https://other': 'hunter2' }, { [url]: 'hunter2 ' }, 'hunter2']) {
      const wrong = { ...env, EBPM_REGISTRY_UPSTREAM_TOKENS: JSON.stringify(tokens) };
      const error = await run('config check', wrong).catch((refusal: Error) => refusal);
      expect(error).toMatchObject({ code: 'EBPM_REGISTRY_CONFIG' });
      expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
    }
  });

  it('says that a configuration is sound, and which variables are none of it', async () => {
    const env = { EBPM_REGISTRY_CONFIG: join(directory, 'config.json'), EBPM_REGISTRY_PROT: '1' };
    expect(await run('config check', env)).toEqual([
      '$EBPM_REGISTRY_PROT is no setting, and does nothing',
      'the configuration is sound',
    ]);
    const [json = ''] = await run('config check --json', env);
    expect(JSON.parse(json)).toEqual({ ok: true, unknownVariables: ['EBPM_REGISTRY_PROT'] });
  });

  it.each([
    ['config check', 'EBPM_REGISTRY_USAGE'],
    ['config check --store memory: --port -1', 'EBPM_REGISTRY_USAGE'],
    ['config check --config /no/such', 'EBPM_REGISTRY_CONFIG'],
    ['config check --store s3://bucket', 'EBPM_STORE_URL'],
    ['config check --store ftp://x', 'EBPM_STORE_URL'],
    ['config check --store memory: --tls-cert /no/cert', 'EBPM_REGISTRY_CONFIG'],
    ['config check --store memory: --tls-cert /no/cert --tls-key /no/key', 'EBPM_REGISTRY_CONFIG'],
    ['config check --store memory: --trust-proxy 10.0.0.0/99', 'EBPM_REGISTRY_CONFIG'],
    ['config check --store memory: --rate-limit-exempt nobody', 'EBPM_REGISTRY_CONFIG'],
    ['config check --store memory: --outbound-allow 10.0.0.0/77', 'EBPM_OUTBOUND_ALLOW_INVALID'],
    ['config check --store memory: --key-file /dev/null', 'EBPM_REGISTRY_KEY_INVALID'],
  ])('refuses "%s" with %s', async (line, code) => {
    await expect(run(line)).rejects.toEqual(expect.objectContaining({ code }));
  });
});

describe('the server', () => {
  it.each([
    '--tls-cert /no/cert',
    '--tls-cert /no/cert --tls-key /no/key',
    '--trust-proxy 10.0.0.0/99',
    '--rate-limit-exempt nobody',
    '--outbound-allow 10.0.0.0/77',
    '--key-file /dev/null',
  ])('refuses "%s" as config check does', async (flags) => {
    const codeOf = (line: string) => run(line).catch((error: { code: string }) => error.code);
    const wanted = await codeOf(`config check --store memory: ${flags}`);
    expect(wanted).toMatch(/^EBPM_/);
    expect(await codeOf(`--store memory: --port 0 ${flags}`)).toBe(wanted);
  });
});

describe('config show', () => {
  it('prints every setting with its origin, and no secret', async () => {
    const line = `config show --config ${directory}/config.json --port 0`;
    const text = (await run(line, { EBPM_REGISTRY_LOG_LEVEL: 'warn' })).join('\n');
    expect(text).toMatch(/^store +file +memory:$/m);
    expect(text).toMatch(/^port +flag +0$/m);
    expect(text).toMatch(/^logLevel +variable +warn$/m);
    expect(text).toMatch(/^host +default +127\.0\.0\.1$/m);
    expect(text).toMatch(/^awsSecretAccessKey +file +\(hidden\)$/m);
    expect(text).toMatch(/^data +unset$/m);
    expect(text).not.toContain('hunter2');
    const [json = ''] = await run(`${line} --json`);
    expect(JSON.parse(json)).toContainEqual({ key: 'port', origin: 'flag', value: 0 });
    expect(json).not.toContain('hunter2');
  });
});
