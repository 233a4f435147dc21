import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What can happen to a request between a registry and its store. */
export const FAULTS = ['500', '503', 'slow', 'reset', 'truncated', 'lost answer'] as const;
export type Fault = (typeof FAULTS)[number];

/** How long a slow one is held. */
const SLOW_MS = 1_000;

/** An HTTP proxy on loopback in front of an S3 server, which does to the next request of some kind what it is told. */
export class FaultProxy {
  readonly url: string;
  /** Whether the server seems to encrypt what it is sent: its ETags are no MD5 then. */
  encrypts = false;
  readonly #server: Server;
  #next: { readonly operation: string; readonly fault: Fault } | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(endpoint: string): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new FaultProxy(server);
    server.on('request', (asked, answer) => {
      // A server behind it that is gone looks like a connection that breaks.
      proxy.#pass(endpoint, asked, answer).catch(() => asked.socket.destroy());
    });
    return proxy;
  }

  /** @param operation method and first part of the key: `PUT log`, `GET blobs` */
  failNext(operation: string, fault: Fault): void {
    this.#next = { operation, fault };
  }

  /** Whether the fault of `failNext` has happened. */
  get hasFailed(): boolean {
    return this.#next === undefined;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(endpoint: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    // /bucket/log/000000000001 is an operation on "log".
    const operation = `${asked.method} ${asked.url?.split(/[/?]/)[2]}`;
    const fault = this.#next?.operation === operation ? this.#next.fault : undefined;
    if (fault !== undefined) this.#next = undefined;
    const body: Buffer[] = [];
    for await (const chunk of asked) body.push(chunk);
    switch (fault) {
      case '500':
      case '503':
        answer.writeHead(Number(fault), { 'content-type': 'application/xml' });
        answer.end(`<Error><Code>${fault === '500' ? 'InternalError' : 'SlowDown'}</Code></Error>`);
        return;
      case 'reset':
        asked.socket.resetAndDestroy();
        return;
      case 'slow':
        await sleep(SLOW_MS);
    }
    const { statusCode = 502, headers, bytes } = await forward(endpoint, asked, Buffer.concat(body));
    if (fault === 'lost answer') asked.socket.destroy();
    else if (fault === 'truncated') truncate(asked, statusCode, bytes);
    else answer.writeHead(statusCode, this.encrypts ? { ...headers, etag: '"no MD5"' } : headers).end(bytes);
  }
}

/** Half of what was announced, then the end of the connection. */
function truncate({ socket }: IncomingMessage, statusCode: number, bytes: Buffer): void {
  const length = Math.max(bytes.length, 2);
  socket.end(
    `HTTP/1.1 ${statusCode} X\r\ncontent-length: ${length}\r\n\r\n${bytes.toString('latin1', 0, length >> 1)}`,
  );
}

async function forward(endpoint: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { hostname, port } = new URL(endpoint);
  const sent = request({ hostname, port, method, path: url, headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { statusCode: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(chunks) };
}
