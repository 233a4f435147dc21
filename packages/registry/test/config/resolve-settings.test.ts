import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/config/resolve-settings.js';
import { SETTINGS } from '../../src/config/setting-table.js';
import { SETTINGS_WITH_DEFAULT } from '../../src/config/settings.js';
import { CONFIG_LIMITS } from '../../src/limits.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-config-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function fileOf(content: string): string {
  const path = join(directory, 'config.json');
  writeFileSync(path, content);
  return path;
}

const env = { HOME: '/home/ann' };
const failsWith = (code: string, text: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });

describe('resolveSettings()', () => {
  it('has a default for every setting that is said to have one', async () => {
    const { settings, origins } = await resolveSettings({ flags: {}, env });
    expect(Object.keys(settings).sort()).toEqual([...SETTINGS_WITH_DEFAULT].sort());
    expect(settings).toMatchObject({ port: 8420, host: '127.0.0.1', keyFile: '/home/ann/.config/ebpm-registry/key' });
    expect(new Set(origins.values())).toEqual(new Set(['default']));
  });

  it('takes a flag before a variable before the file before the default', async () => {
    const config = fileOf(JSON.stringify({ store: 'memory:', port: 1, host: '::1', logLevel: 'warn' }));
    const variables = { ...env, EBPM_REGISTRY_PORT: '2', EBPM_REGISTRY_HOST: '::2' };
    const { settings, origins } = await resolveSettings({ flags: { config, port: '3' }, env: variables });
    expect(settings).toMatchObject({ store: 'memory:', port: 3, host: '::2', logLevel: 'warn' });
    const from = (['store', 'port', 'host', 'logLevel', 'keyFile'] as const).map((key) => origins.get(key));
    expect(from).toEqual(['file', 'flag', 'variable', 'file', 'default']);
  });

  it('finds the file by its variable, and takes an empty variable for none', async () => {
    const config = fileOf(JSON.stringify({ port: 1 }));
    const variables = { ...env, EBPM_REGISTRY_CONFIG: config, EBPM_REGISTRY_PORT: '' };
    const { settings } = await resolveSettings({ flags: {}, env: variables });
    expect(settings.port).toBe(1);
  });

  it("reads the credentials of S3 from the cloud's own variables", async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    const { settings } = await resolveSettings({ flags: {}, env: variables });
    expect(settings).toMatchObject({ awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' });
  });

  it.each([
    [{ port: 'x' }, {}, 'EBPM_REGISTRY_USAGE', '--port must be a whole number'],
    [{ port: '70000' }, {}, 'EBPM_REGISTRY_USAGE', '--port must be <= 65535'],
    [{ 'log-level': 'loud' }, {}, 'EBPM_REGISTRY_USAGE', '--log-level must be one of "debug"'],
    [{}, { EBPM_REGISTRY_PORT: 'tcp://10.0.0.1:80' }, 'EBPM_REGISTRY_CONFIG', '$EBPM_REGISTRY_PORT must be a whole'],
    [{ config: '/no/such/file' }, {}, 'EBPM_REGISTRY_CONFIG', '"/no/such/file": it does not exist'],
    [{ config: '/' }, {}, 'EBPM_REGISTRY_CONFIG', '"/": it is a directory'],
    [{ config: '/dev/null/x' }, {}, 'EBPM_REGISTRY_CONFIG', 'what its path leads through is no directory'],
  ])('refuses the flags %j with the variables %j', async (flags, variables, code, text) => {
    await expect(resolveSettings({ flags, env: { ...env, ...variables } })).rejects.toEqual(failsWith(code, text));
  });

  it('says of a file that it cannot read or use what to look at, which is not "config show": that reads it too', async () => {
    for (const config of ['/no/such/file', fileOf('{'), fileOf('[]')]) {
      const refusal = await resolveSettings({ flags: { config }, env }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ hint: expect.stringMatching(/^Look at --config|^Correct the file/) });
    }
  });

  it.each([
    ['{"prot": 1}', 'has the unknown key "prot"'],
    ['{"port": "1", "logLevel": 7}', '"port" must be a whole number; "logLevel" must be'],
    ['[]', 'it must be an object'],
    [' '.repeat(CONFIG_LIMITS.fileSizeBytes + 1), 'it has more than'],
  ])('refuses a file that says %.40s', async (content, text) => {
    const flags = { config: fileOf(content) };
    await expect(resolveSettings({ flags, env })).rejects.toEqual(failsWith('EBPM_REGISTRY_CONFIG', text));
  });

  it('quotes nothing of a file that is not JSON, since it may hold secrets', async () => {
    const flags = { config: fileOf('{"awsSecretAccessKey": hunter2}') };
    const error = await resolveSettings({ flags, env }).catch((caught) => caught);
    expect(error).toEqual(failsWith('EBPM_REGISTRY_CONFIG', 'it is not JSON'));
    expect(error.message).not.toContain('unter2');
  });
});

describe('SETTINGS', () => {
  it('gives every setting a variable of its own, and secrets no flag', () => {
    expect(new Set(SETTINGS.map(({ variable }) => variable)).size).toBe(SETTINGS.length);
    expect(SETTINGS.filter(({ isSecret, flag }) => isSecret && flag !== undefined)).toEqual([]);
    expect(SETTINGS.find(({ key }) => key === 'logLevel')).toMatchObject({
      flag: 'log-level',
      variable: 'EBPM_REGISTRY_LOG_LEVEL',
    });
  });
});

describe('docs/registry.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/registry.md'), 'utf8');

  it.each(SETTINGS)('has a row for the setting "$key"', ({ key }) => {
    expect(text).toMatch(new RegExp(`^\\| [^|]*\`${key}\``, 'm'));
  });
});
