import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upstreamSettings } from '../../src/config/upstream-settings.js';

let directory: string;
let tokenFile: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-upstream-settings-'));
  tokenFile = join(directory, 'token');
  writeFileSync(tokenFile, 'ebpm_secret\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const HUB = { url: 'https://hub.example.org', names: ['*'] };

describe('upstreamSettings()', () => {
  it('gives upstreams the tokens that files and the setting have for them', async () => {
    const other = { url: 'http://127.0.0.1:8420', names: ['@acme/*'] };
    const settings = { upstreams: [{ ...HUB, tokenFile }, other], upstreamTokens: { [other.url]: 'ebpm_other' } };
    expect(await upstreamSettings(settings)).toEqual([
      { ...HUB, token: 'ebpm_secret' },
      { ...other, token: 'ebpm_other' },
    ]);
    expect(await upstreamSettings({ upstreams: [HUB] })).toEqual([HUB]);
    expect(await upstreamSettings({})).toEqual([]);
  });

  it('says why it cannot read the token', async () => {
    const upstreams = [{ ...HUB, tokenFile: '/no/such/file' }];
    const message = `Cannot use the upstream "${HUB.url}": cannot read its token in "/no/such/file": it does not exist`;
    await expect(upstreamSettings({ upstreams })).rejects.toMatchObject({ code: 'EBPM_REGISTRY_CONFIG', message });
  });

  it.each([
    ['a token for nobody', () => ({ upstreams: [HUB], upstreamTokens: { 'https://hub.example.org/': 'hunter2' } })],
    ['two tokens', () => ({ upstreams: [{ ...HUB, tokenFile }], upstreamTokens: { [HUB.url]: 'hunter2' } })],
    ['a file that is not there', () => ({ upstreams: [{ ...HUB, tokenFile: join(directory, 'none') }] })],
    ['a file without a token', () => ({ upstreams: [{ ...HUB, tokenFile: import.meta.filename }] })],
    ['a token that would be sent in clear', () => ({ upstreams: [{ ...HUB, url: 'http://hub', tokenFile }] })],
  ])('refuses %s, and shows no token', async (_what, settings) => {
    const error = await upstreamSettings(settings()).catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ code: 'EBPM_REGISTRY_CONFIG' });
    expect(JSON.stringify([error, String(error)])).not.toMatch(/hunter2|ebpm_secret/);
  });
});
