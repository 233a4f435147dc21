import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileArchives } from './hostile-archives.js';
import { publishTo, testPackage } from './published-package.js';
import { newToken, type RegistryPlace, RegistryProcess } from './registry-process.js';

/** More than the registry ever needs, whatever clients do. */
const MAX_MEMORY_MIB = 512;
/** `npm run soak` waits until slow clients are cut off. */
const isSoak = process.env['EBPM_SOAK'] !== undefined;

let directory: string;
let server: RegistryProcess;
let token: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-hostile-'));
  // This machine is limited as any other.
  const env = { EBPM_REGISTRY_RATE_LIMIT_EXEMPT: '192.0.2.1', EBPM_REGISTRY_REQUESTS_PER_MINUTE: '60000' };
  const place: RegistryPlace = { store: `file:${directory}/store`, keyFile: join(directory, 'key'), env };
  server = await RegistryProcess.start(place);
  token = await newToken(place, 'alice');
  expect((await publishTo(server.url, token, testPackage('sigsnoop', '1.0.0'))).status).toBe(201);
});
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Does something hostile while somebody else asks again and again; he must always get his answer, and memory stay bounded. */
async function meanwhileServed<T>(attack: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const other = (async () => {
    const statuses: number[] = [];
    do {
      for (const path of ['/api/v1/packages/sigsnoop', '/api/v1/search?q=sig']) {
        statuses.push((await fetch(`${server.url}${path}`, { signal: AbortSignal.timeout(5_000) })).status);
      }
      await sleep(20);
    } while (!done.signal.aborted);
    return statuses;
  })();
  const [result, statuses] = await Promise.all([attack().finally(() => done.abort()), other]);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(peakMemoryMib()).toBeLessThan(MAX_MEMORY_MIB);
  return result;
}

/** The most memory that the registry ever had, proc(5). */
function peakMemoryMib(): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

const open = async (): Promise<Socket> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** Sends a text, then what else there is, and gives the answer's first line and body. */
async function exchange(head: readonly string[], sendBody: (socket: Socket) => Promise<void> = async () => {}) {
  const socket = await open();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await sendBody(socket);
  await Promise.race([closed, sleep(3_000)]);
  socket.destroy();
  const text = Buffer.concat(chunks).toString();
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), code: /"code":"(\w+)"/.exec(text)?.[1] };
}

const upload = (...more: readonly string[]) => [
  'PUT /api/v1/packages/hostile/versions/1.0.0 HTTP/1.1',
  'host: x',
  `authorization: Bearer ${token}`,
  'content-type: application/x-tar',
  `ebpm-digest: sha256:${'0'.repeat(64)}`,
  ...more,
];

describe('hostile archives', () => {
  it('are all refused with a reason', async () => {
    const answers = await meanwhileServed(async () => {
      const found: (readonly [string, number, unknown])[] = [];
      for (const [what, archive] of hostileArchives()) {
        const answer = await fetch(`${server.url}/api/v1/packages/hostile/versions/1.0.0`, {
          method: 'PUT',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/x-tar',
            'ebpm-digest': digestOf(archive),
          },
          body: archive,
        });
        found.push([what, answer.status, ((await answer.json()) as { code: string }).code]);
      }
      return found;
    });
    for (const [what, status, code] of answers) {
      expect([what, status]).toSatisfy(() => status >= 400 && status < 500);
      expect([what, code]).toEqual([what, expect.stringMatching(/^EBPM_(ARCHIVE|MANIFEST|PACKAGE)_/)]);
    }
    expect((await fetch(`${server.url}/api/v1/packages/hostile`)).status).toBe(404);
  });
});

describe('hostile uploads', () => {
  it('of 1 GB are refused by their length before they are read', async () => {
    // It goes on sending although it was told that it need not.
    const sendMuch = async (socket: Socket) => {
      await Promise.race([once(socket, 'data'), sleep(3_000)]);
      for (let i = 0; i < 64 && !socket.destroyed; i++) socket.write(Buffer.alloc(1024 * 1024));
    };
    const answer = await meanwhileServed(() => exchange(upload('content-length: 1073741824'), sendMuch));
    expect(answer).toEqual({ status: 413, code: 'EBPM_ARCHIVE_TOO_LARGE' });
    expect(await exchange(upload('transfer-encoding: chunked'), sendMuch)).toEqual({
      status: 400,
      code: 'EBPM_REQUEST_INVALID',
    });
  });

  it('that break off, many at a time, leave nothing behind', async () => {
    await meanwhileServed(async () => {
      for (let round = 0; round < 3; round++) {
        const sockets = await Promise.all(Array.from({ length: 7 }, open));
        for (const socket of sockets) {
          socket.write(`${upload('content-length: 20971520').join('\r\n')}\r\n\r\n`);
          socket.write(Buffer.alloc(5 * 1024 * 1024));
        }
        await sleep(200);
        for (const socket of sockets) socket.destroy();
      }
    });
    await sleep(200);
    expect((await publishTo(server.url, token, testPackage('sigsnoop', '1.1.0'))).status).toBe(201);
  });

  it('beyond what may be held at a time are told to come again', async () => {
    const sockets = await Promise.all(Array.from({ length: 8 }, open));
    for (const socket of sockets) socket.write(`${upload('content-length: 20971520').join('\r\n')}\r\n\r\n`);
    await sleep(300);
    const answer = await meanwhileServed(() => exchange(upload('content-length: 20971520')));
    for (const socket of sockets) socket.destroy();
    expect(answer).toEqual({ status: 503, code: 'EBPM_REGISTRY_BUSY' });
  });
});

describe('slow clients', () => {
  it('keep nobody else waiting, and are cut off', { timeout: 60_000 }, async () => {
    const sockets = await Promise.all(Array.from({ length: 300 }, open));
    // Who does not read what he is told does not see that it was the last.
    const ended = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))),
    );
    await meanwhileServed(async () => {
      for (let second = 0; second < (isSoak ? 20 : 1); second++) {
        for (const socket of sockets) if (!socket.destroyed) socket.write(second === 0 ? 'GET / HTTP/1.1\r\nx: ' : 'y');
        await sleep(1_000);
      }
    });
    if (isSoak) await ended;
    for (const socket of sockets) socket.destroy();
  });
});

describe('guessing tokens', () => {
  it('ends after a few, and others go on', async () => {
    const guess = async (i: number) => {
      const authorization = `Bearer ebpm_${String(i).padStart(43, 'A')}`;
      return (await fetch(`${server.url}/api/v1/whoami`, { headers: { authorization } })).status;
    };
    const statuses = await meanwhileServed(async () => {
      const seen: number[] = [];
      for (let i = 0; i < 40; i++) seen.push(await guess(i));
      return seen;
    });
    expect(statuses.slice(0, 9)).toEqual(Array(9).fill(401));
    expect(statuses.slice(15).filter((status) => status === 429).length).toBeGreaterThan(15);
  });
});
