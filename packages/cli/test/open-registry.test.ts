import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rememberRegistry } from '@ebpm/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createContext } from '../src/context.js';
import { chooseRegistryUrl, withRegistry } from '../src/open-registry.js';
import { withHttp } from '../src/with-http.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ebpm-open-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const urlOf = (env: Readonly<Record<string, string>>, flag?: string, name?: string) =>
  withRegistry(
    createContext({ EBPM_HOME: home, ...env }),
    { flag, name, ebpmVersion: '0.1.0' },
    async ({ url }) => url,
  );

describe('withRegistry()', () => {
  test('withRegistry() takes the flag, then the environment, then the first login', async () => {
    await expect(urlOf({})).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSET' });
    await rememberRegistry(home, 'https://a.example', 'ta');
    expect(await urlOf({})).toBe('https://a.example');
    expect(await urlOf({ EBPM_REGISTRY: 'https://b.example/' })).toBe('https://b.example');
    expect(await urlOf({ EBPM_REGISTRY: 'https://b.example' }, 'https://c.example')).toBe('https://c.example');
  });
});

test('withRegistry() takes the registry of a scope before the environment', async () => {
  await rememberRegistry(home, 'https://acme.example', 'ta', '@acme');
  const env = { EBPM_REGISTRY: 'https://b.example' };
  expect(await urlOf(env, undefined, '@acme/x')).toBe('https://acme.example');
  expect(await urlOf(env, undefined, 'x')).toBe('https://b.example');
  expect(await urlOf(env, 'https://c.example', '@acme/x')).toBe('https://c.example');
});

test('chooseRegistryUrl() writes nothing', async () => {
  const context = createContext({ EBPM_HOME: join(home, 'new') });
  expect(await chooseRegistryUrl(context, { flag: 'https://c.example', name: undefined })).toBe('https://c.example');
  await expect(chooseRegistryUrl(context, { flag: undefined, name: undefined })).rejects.toMatchObject({
    code: 'EBPM_REGISTRY_UNSET',
  });
  expect(existsSync(join(home, 'new'))).toBe(false);
});

describe('withHttp()', () => {
  test.each([
    [{ EBPM_CA_FILE: '/nowhere' }, 'EBPM_CA_FILE_INVALID'],
    [{ HTTPS_PROXY: 'nowhere' }, 'EBPM_PROXY_INVALID'],
    [{ http_proxy: 'nowhere' }, 'EBPM_PROXY_INVALID'],
  ])('withHttp() refuses %o', async (env, code) => {
    await expect(withHttp(env, '0.1.0', async () => 'used')).rejects.toMatchObject({ code });
  });
});
