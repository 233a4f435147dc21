import { Socket } from 'node:net';
import { errorCodes, type FastifyRequest } from 'fastify';
import { HTTP_LIMITS } from '../limits.js';
import type { UploadMemory } from './upload-memory.js';
import type { UploadTurns } from './upload-turns.js';

/** What bodies that come in share. */
export interface Uploads {
  readonly memory: UploadMemory;
  readonly turns: UploadTurns;
}

/**
 * Reads a body into memory of the size that was announced, each piece as it comes. Fastify puts the pieces together at the end: of 20 MiB
 * that takes long enough to be felt by everybody else. Bodies without a length never come here (`limitBodies`).
 * @throws FST_ERR_CTP_BODY_TOO_LARGE, FST_ERR_CTP_INVALID_CONTENT_LENGTH
 */
export async function readTarBody(
  request: FastifyRequest,
  payload: AsyncIterable<Uint8Array>,
  { memory, turns }: Uploads,
): Promise<Buffer> {
  const sizeBytes = Number(request.headers['content-length'] ?? 0);
  if (sizeBytes > request.routeOptions.bodyLimit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
  const body = memory.take(sizeBytes);
  // What a socket has brought is nobody else's.
  const drop = request.raw.socket instanceof Socket ? (piece: Uint8Array) => memory.drop(piece) : () => undefined;
  try {
    await fill(body, payload, { drop, turns });
    return body;
  } catch (error) {
    memory.giveBack(body);
    // A body that broke off is the client's doing.
    throw Object.assign(error as Error, { statusCode: 400 });
  }
}

/** All of it, so that nothing of a body before is left. */
async function fill(
  body: Buffer,
  payload: AsyncIterable<Uint8Array>,
  { drop, turns }: { readonly drop: (piece: Uint8Array) => void; readonly turns: UploadTurns },
): Promise<void> {
  let filled = 0;
  let turnAt = HTTP_LIMITS.bodyPartSizeBytes;
  for await (const piece of payload) {
    if (filled + piece.length > body.length) throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH();
    body.set(piece, filled);
    filled += piece.length;
    drop(piece);
    if (filled < turnAt) continue;
    await turns.next();
    turnAt = filled + HTTP_LIMITS.bodyPartSizeBytes;
  }
  if (filled < body.length) throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH();
}
