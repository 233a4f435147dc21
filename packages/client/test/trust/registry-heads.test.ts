import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatNoteKey, logOrigin, noteSigner, signCheckpoint } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Http } from '../../src/http.js';
import { RegistryClient } from '../../src/registry-client.js';
import { TrustedLog } from '../../src/trust/trusted-log.js';
import { type LoopbackServer, type SeenRequest, sendJson, serve } from '../loopback-server.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

const REGISTRY = 'ab'.repeat(16);
const SIGNER = noteSigner(logOrigin(REGISTRY), new Uint8Array(32).fill(7));
const KEY = formatNoteKey(SIGNER.key);
const PACKAGE = { name: 'tool', tags: {}, versions: [] };

const noteAt = (seq: number, digit = 'a') =>
  signCheckpoint({ registry: REGISTRY, seq, hash: digit.repeat(64), time: '2026-01-02T03:04:05.678Z' }, SIGNER);

/** Where the log is that the server shows: the number, or nothing at all. */
let head: (request: SeenRequest) => string | undefined;
let http: Http;
let server: LoopbackServer;
let home: string;
beforeEach(async () => {
  home = temporaryHome();
  http = new Http({ userAgent: 'ebpm/test' });
  server = await serve(answer);
});
afterEach(async () => {
  await http.close();
  await server.close();
});

function answer(request: SeenRequest, response: ServerResponse): void {
  if (request.path === '/api/v1/log/key') return void response.end(`${KEY}\n`);
  const note = head(request);
  if (note !== undefined) response.setHeader('ebpm-checkpoint', Buffer.from(note).toString('base64'));
  sendJson(response, 200, PACKAGE);
}

/** Another process of the same user. */
const client = (url = server.url) => new RegistryClient(http, url, undefined, new TrustedLog(home, url));

describe('RegistryClient with a trusted log', () => {
  test('RegistryClient.package() pins the key at first use, asks for it once, and refuses a log that went back', async () => {
    head = () => noteAt(5);
    await client().package('tool');
    head = () => noteAt(7);
    await client().package('tool');
    expect(server.seen.map(({ path }) => path).filter((path) => path.endsWith('/key'))).toHaveLength(1);
    head = () => noteAt(6);
    await expect(client().package('tool')).rejects.toEqual(refused('EBPM_REGISTRY_WENT_BACK'));
    head = () => noteAt(7, 'b');
    await expect(client().package('tool')).rejects.toEqual(refused('EBPM_REGISTRY_FORKED'));
  });

  test('RegistryClient.package() asks a server that lags behind to wait', async () => {
    head = () => noteAt(7);
    await client().package('tool');
    head = ({ headers }) => noteAt(headers['ebpm-min-seq'] === undefined ? 6 : 7);
    await expect(client().package('tool')).resolves.toEqual(PACKAGE);
    expect(server.seen.at(-1)?.headers['ebpm-min-seq']).toBe('7-aaaaaaaa');
  });

  test('RegistryClient.package() refuses answers without a head: as no registry, and later as one that hides it', async () => {
    head = () => undefined;
    await expect(client().package('tool')).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID'));
    head = () => noteAt(1);
    await client().package('tool');
    head = () => undefined;
    await expect(client().package('tool')).rejects.toEqual(refused('EBPM_REGISTRY_HEAD_MISSING'));
  });

  test('RegistryClient.package() looks at the head of a mirror', async () => {
    const root = join(home, 'mirror');
    const url = pathToFileURL(root).href;
    mkdirSync(join(root, 'packages/tool'), { recursive: true });
    writeFileSync(join(root, 'packages/tool/package.json'), JSON.stringify(PACKAGE));
    writeFileSync(join(root, 'ebpm-mirror.json'), JSON.stringify({ mirror: 1, key: KEY }));
    const show = (note: string) => writeFileSync(join(root, 'checkpoint'), note);
    show(noteAt(5));
    await expect(client(url).package('tool')).resolves.toEqual(PACKAGE);
    show(noteAt(4));
    await expect(client(url).package('tool')).rejects.toEqual(refused('EBPM_REGISTRY_WENT_BACK'));
    show(noteAt(6).replace('\n6\n', '\n7\n'));
    await expect(client(url).package('tool')).rejects.toEqual(refused('EBPM_NOTE_INVALID'));
    rmSync(join(root, 'checkpoint'));
    await expect(client(url).package('tool')).rejects.toEqual(refused('EBPM_REGISTRY_HEAD_MISSING'));
  });
});
