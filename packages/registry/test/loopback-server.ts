import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived, whole. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A real HTTP server on a port of its own that remembers what it was asked. */
export interface LoopbackServer {
  readonly port: number;
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** How many connections were opened, whether or not a request came. */
  connections(): number;
  close(): Promise<void>;
}

/** Answers a request; one that never ends the response is a server that hangs. */
export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** Starts a server on the loopback interface, by default at 127.0.0.1. */
export async function serve(answer: Answer, host = '127.0.0.1', port = 0): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const whole = await readWhole(request);
    seen.push(whole);
    answer(whole, response);
  });
  server.on('connection', () => {
    connections++;
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  return {
    port: listening,
    url: `http://${host}:${listening}`,
    seen,
    connections: () => connections,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readWhole(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
