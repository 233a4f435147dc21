import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Digest } from '@ebpm/formats';
import { afterEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../src/archive-store.js';
import { fetchArchive } from '../src/fetch-archive.js';
import { Http } from '../src/http.js';
import { RegistryClient } from '../src/registry-client.js';
import { type LoopbackServer, serve } from './loopback-server.js';
import { refused } from './refused.js';
import { temporaryHome } from './temporary-home.js';

const SIZE = 1_000_000;
const BYTES = Buffer.from(Array.from({ length: SIZE }, (_, at) => (at * 7) % 251));
const DIGEST: Digest = `sha256:${createHash('sha256').update(BYTES).digest('hex')}`;
const HEX = DIGEST.slice('sha256:'.length);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A server with ranges, which sends at most so many bytes of each answer and then breaks the connection off. */
async function breaking(sentBytes: readonly number[], more: Faults = {}): Promise<LoopbackServer> {
  const server = await serve(({ headers }, response) => {
    send(headers, response, { mostBytes: sentBytes[server.seen.length - 1] ?? SIZE, ...more });
  });
  open.push(server);
  return server;
}

interface Faults {
  readonly hasRanges?: boolean;
  readonly bytes?: Buffer;
}

function send(
  { range }: IncomingHttpHeaders,
  response: ServerResponse,
  { mostBytes, hasRanges = true, bytes = BYTES }: Faults & { readonly mostBytes: number },
): void {
  const first = hasRanges ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
  if (first >= SIZE) {
    response.writeHead(416).end();
    return;
  }
  const rest = bytes.subarray(first);
  response.writeHead(first > 0 ? 206 : 200, {
    'content-length': rest.length,
    ...(first > 0 && { 'content-range': `bytes ${first}-${SIZE - 1}/${SIZE}` }),
  });
  if (mostBytes >= rest.length) response.end(rest);
  else response.write(rest.subarray(0, mostBytes), () => setTimeout(() => response.destroy(), 20));
}

function fetching(home: string, { url }: LoopbackServer, retryDelaysMs: readonly number[] = []): Promise<Uint8Array> {
  const http = new Http({ userAgent: 'ebpm/test', retryDelaysMs });
  open.push(http);
  return fetchArchive({ home, registry: new RegistryClient(http, url), digest: DIGEST, sizeBytes: SIZE });
}

/** From where each request wanted the bytes. How much of what was sent has arrived when a connection breaks is not sure. */
function begins({ seen }: LoopbackServer): readonly (number | undefined)[] {
  return seen.map(({ headers: { range } }) => (range === undefined ? undefined : Number(/\d+/.exec(range)?.[0])));
}

const left = (home: string) => readdirSync(join(home, 'packages/tmp'));

describe('fetchArchive()', () => {
  it('goes on where the connection broke off', async () => {
    const home = temporaryHome();
    const server = await breaking([400_000, 300_000]);
    expect(Buffer.compare(await fetching(home, server, [1, 1, 1]), BYTES)).toBe(0);
    const [none, second = 0, third = 0] = begins(server);
    expect(none).toBeUndefined();
    expect(second).toBeGreaterThan(0);
    expect(third).toBeGreaterThan(second);
    expect(left(home)).toEqual([]);
  });

  it('goes on in a later process, with what the earlier one left', async () => {
    const home = temporaryHome();
    const server = await breaking([400_000]);
    await expect(fetching(home, server)).rejects.toMatchObject({
      code: 'EBPM_REGISTRY_UNREACHABLE',
      hint: expect.stringMatching(/^What has arrived is kept: the same command goes on from there\n/),
    });
    expect(left(home)).toEqual([expect.stringMatching(new RegExp(`^${HEX}\\.`))]);
    const kept = statSync(join(home, 'packages/tmp', left(home)[0] ?? '')).size;
    expect(Buffer.compare(await fetching(home, server), BYTES)).toBe(0);
    expect(begins(server)).toEqual([undefined, kept]);
    expect(kept).toBeGreaterThan(0);
    expect(left(home)).toEqual([]);
  });

  it('begins again where the server has no ranges, where the beginning is another, and where it is too long', async () => {
    for (const [begun, faults] of [
      [BYTES.subarray(0, 1000), { hasRanges: false }],
      [Buffer.alloc(1000), {}],
      [Buffer.alloc(SIZE + 5), {}],
    ] as const) {
      const home = temporaryHome();
      mkdirSync(join(home, 'packages/tmp'), { recursive: true });
      writeFileSync(join(home, 'packages/tmp', `${HEX}.0000`), begun);
      expect(Buffer.compare(await fetching(home, await breaking([], faults), [1]), BYTES)).toBe(0);
      expect(left(home)).toEqual([]);
    }
  });

  it('asks nobody for what is there, be it only not called so yet', async () => {
    const home = temporaryHome();
    const server = await breaking([]);
    mkdirSync(join(home, 'packages/tmp'), { recursive: true });
    writeFileSync(join(home, 'packages/tmp', `${HEX}.0000`), BYTES);
    expect(Buffer.compare(await fetching(home, server), BYTES)).toBe(0);
    await new ArchiveStore(home).write(DIGEST, BYTES);
    expect(Buffer.compare(await fetching(home, server), BYTES)).toBe(0);
    expect(server.seen).toEqual([]);
  });

  it('refuses what is not the digest’s, and keeps nothing of it', async () => {
    const home = temporaryHome();
    const server = await breaking([], { bytes: Buffer.alloc(SIZE) });
    await expect(fetching(home, server)).rejects.toEqual(refused('EBPM_DIGEST_MISMATCH'));
    expect(left(home)).toEqual([]);
    expect(existsSync(join(home, 'packages/sha256'))).toBe(false);
  });
});
