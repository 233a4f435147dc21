import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { readTarBody } from '../../src/http/tar-body.js';
import { UploadMemory } from '../../src/http/upload-memory.js';
import { UploadTurns } from '../../src/http/upload-turns.js';
import { HTTP_LIMITS } from '../../src/limits.js';
import { FakeClock } from '../log/fake-clock.js';

const MIB = 1024 * 1024;
let uploads: UploadMemory;
let turns: UploadTurns;
beforeEach(() => {
  uploads = new UploadMemory(systemClock);
  turns = new UploadTurns(systemClock);
});
afterEach(() => uploads.close());

interface Source {
  readonly failure?: Error;
  readonly socket?: Socket;
}

/** A request whose body comes in these pieces. */
function read(length: number, pieces: readonly (string | Buffer)[], { failure, socket }: Source = {}): Promise<Buffer> {
  const headers = { 'content-length': String(length) };
  const request = { headers, routeOptions: { bodyLimit: 3 * MIB }, raw: { socket } };
  async function* body() {
    for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (failure !== undefined) throw failure;
  }
  return readTarBody(request as unknown as FastifyRequest, Readable.from(body()), { memory: uploads, turns });
}

describe('readTarBody()', () => {
  it('puts the pieces together in memory of its own, which a thread can be given', async () => {
    const body = await read(6, ['one', '', 'two']);
    expect(body.toString()).toBe('onetwo');
    expect(body.buffer.byteLength).toBe(6);
    expect((await read(0, [])).length).toBe(0);
  });

  it('drops the pieces that a socket has brought, and no others', async () => {
    const [ours, theirs] = [Buffer.alloc(MIB, 'o'), Buffer.alloc(MIB, 't')];
    expect((await read(MIB, [ours], { socket: new Socket() })).toString('latin1', MIB - 2)).toBe('oo');
    expect((await read(MIB, [theirs])).toString('latin1', MIB - 2)).toBe('tt');
    expect([ours.length, theirs.length]).toEqual([0, MIB]);
  });

  it('gives memory back that a body which broke off has not filled, and nothing of it shows in the next body', async () => {
    await expect(read(2 * MIB, [Buffer.alloc(2 * MIB - 1, 'secret')])).rejects.toThrow();
    expect(uploads.freeBytes).toBe(2 * MIB);
    const body = await read(MIB + 1, [Buffer.alloc(MIB + 1, 'x')]);
    expect([body.length, body.every((byte) => byte === 0x78)]).toEqual([MIB + 1, true]);
    expect(uploads.freeBytes).toBe(0);
  });

  it('lets others have their turn after each part of large bodies, however many come at a time', async () => {
    const clock = new FakeClock();
    turns = new UploadTurns(clock);
    const { bodyPartSizeBytes, bodyPauseMs } = HTTP_LIMITS;
    const pieces = () => Array.from({ length: 16 }, () => Buffer.alloc(bodyPartSizeBytes / 4));
    const startedMs = clock.elapsedMs();
    const bodies = [1, 2, 3].map(() => read(4 * bodyPartSizeBytes, pieces()));
    await clock.run(Promise.all(bodies));
    expect(clock.elapsedMs() - startedMs).toBe(3 * 4 * bodyPauseMs);
  });

  it('makes no pause for small bodies', async () => {
    turns = new UploadTurns(new FakeClock());
    expect(
      (await read(HTTP_LIMITS.bodyPartSizeBytes - 1, [Buffer.alloc(HTTP_LIMITS.bodyPartSizeBytes - 1)])).length,
    ).toBe(HTTP_LIMITS.bodyPartSizeBytes - 1);
  });

  it.each([
    ['more than the route takes', () => read(3 * MIB + 1, ['x']), 'FST_ERR_CTP_BODY_TOO_LARGE', 413],
    ['more than was announced', () => read(2, ['ab', 'c']), 'FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400],
    ['less than was announced', () => read(4, ['ab', 'c']), 'FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400],
    [
      'what breaks off',
      () => read(4, ['ab'], { failure: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
      'ECONNRESET',
      400,
    ],
  ])('refuses %s, and says that it is the client who is to blame', async (_, reading, code, statusCode) => {
    await expect(reading()).rejects.toMatchObject({ code, statusCode });
  });
});
