import { errorCodes, type FastifyRequest } from 'fastify';

/**
 * Reads a body into memory of the size that was announced, each piece as it comes. Fastify puts the pieces together at the end: of 20 MiB
 * that takes long enough to be felt by everybody else. Bodies without a length never come here (`limitBodies`).
 * @throws FST_ERR_CTP_BODY_TOO_LARGE, FST_ERR_CTP_INVALID_CONTENT_LENGTH
 */
export async function readTarBody(request: FastifyRequest, payload: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const sizeBytes = Number(request.headers['content-length'] ?? 0);
  if (sizeBytes > request.routeOptions.bodyLimit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
  // Of its own, so that it can be handed to a thread without a copy. What has not come is not in memory yet.
  const body = Buffer.allocUnsafeSlow(sizeBytes);
  let filled = 0;
  try {
    for await (const piece of payload) {
      if (filled + piece.length > sizeBytes) throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH();
      body.set(piece, filled);
      filled += piece.length;
    }
  } catch (error) {
    // A body that broke off is the client's doing.
    throw Object.assign(error as Error, { statusCode: 400 });
  }
  if (filled < sizeBytes) throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH();
  return body;
}
