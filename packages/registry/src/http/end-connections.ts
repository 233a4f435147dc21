import type { FastifyInstance } from 'fastify';

/**
 * Once the server closes, lets each answer end its connection: one that is kept alive would hold the server until the client has
 * had enough of it.
 */
export function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
}
