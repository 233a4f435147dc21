import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { readTarBody } from '../../src/http/tar-body.js';

/** A request whose body comes in these pieces. */
function read(length: number, pieces: readonly string[], failure?: Error): Promise<Buffer> {
  const request = { headers: { 'content-length': String(length) }, routeOptions: { bodyLimit: 100 } };
  async function* body() {
    for (const piece of pieces) yield Buffer.from(piece);
    if (failure !== undefined) throw failure;
  }
  return readTarBody(request as unknown as FastifyRequest, Readable.from(body()));
}

describe('readTarBody()', () => {
  it('puts the pieces together in memory of its own, which a thread can be given', async () => {
    const body = await read(6, ['one', '', 'two']);
    expect(body.toString()).toBe('onetwo');
    expect(body.buffer.byteLength).toBe(6);
    expect((await read(0, [])).length).toBe(0);
  });

  it.each([
    ['more than the route takes', () => read(101, ['x']), 'FST_ERR_CTP_BODY_TOO_LARGE', 413],
    ['more than was announced', () => read(2, ['ab', 'c']), 'FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400],
    ['less than was announced', () => read(4, ['ab', 'c']), 'FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400],
    [
      'what breaks off',
      () => read(4, ['ab'], Object.assign(new Error('x'), { code: 'ECONNRESET' })),
      'ECONNRESET',
      400,
    ],
  ])('refuses %s, and says that it is the client who is to blame', async (_, reading, code, statusCode) => {
    await expect(reading()).rejects.toMatchObject({ code, statusCode });
  });
});
