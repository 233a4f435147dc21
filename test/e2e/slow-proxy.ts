import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Between two pieces that are passed on. */
const TICK_MS = 2;

/** A TCP proxy on the loopback interface that passes on what clients send at a steady rate, as a slow line does. */
export class SlowProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #uploadStarted = false;
  #idle: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param bytesPerMs asked for each piece, so that it can be changed; what a server sends is not slowed */
  static async start(targetUrl: string, bytesPerMs: () => number): Promise<SlowProxy> {
    const { hostname, port } = new URL(targetUrl);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new SlowProxy(server);
    server.on('connection', (client) => proxy.#pass(client, connect(Number(port), hostname), bytesPerMs));
    return proxy;
  }

  /** Whether the first byte of a PUT has gone to the server since the last reset. */
  get uploadStarted(): boolean {
    return this.#uploadStarted;
  }

  reset(): void {
    this.#uploadStarted = false;
  }

  /** Resolves when the server has seen the end of every connection. */
  async idle(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #pass(client: Socket, server: Socket, bytesPerMs: () => number): void {
    this.#open.add(server);
    const upload = new Upload();
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
    server.pipe(client);
    client.on('data', async (data: Buffer) => {
      client.pause();
      for (let at = 0; at < data.length && !server.destroyed; ) {
        const piece = data.subarray(at, at + Math.max(1, Math.round(bytesPerMs() * TICK_MS)));
        server.write(piece);
        upload.passed(piece, at === 0);
        this.#uploadStarted ||= upload.started;
        at += piece.length;
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      }
      client.resume();
    });
    client.on('close', () => {
      if (!upload.complete) server.destroy();
      // A server that has a whole request goes on with it, and is done when it answers. The pipe's end has paused it.
      else server.once('data', () => server.destroy()).resume();
    });
    server.on('data', () => upload.answered());
    server.on('close', () => {
      client.destroy();
      this.#open.delete(server);
      if (this.#open.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
    });
  }
}

/** How much of a PUT has gone to the server. */
class Upload {
  started = false;
  #missingBytes = 0;
  #answered = false;

  /** Whether the server has all of it and has not answered. */
  get complete(): boolean {
    return this.started && this.#missingBytes <= 0 && !this.#answered;
  }

  passed(piece: Buffer, mayBegin: boolean): void {
    if (mayBegin && !this.started && piece.toString('latin1', 0, 4) === 'PUT ') this.#begin(piece.toString('latin1'));
    if (this.started) this.#missingBytes -= piece.length;
  }

  answered(): void {
    this.#answered = this.started;
  }

  /** The request's head comes in one piece: it is far smaller than the first one. */
  #begin(text: string): void {
    this.started = true;
    const bodyBytes = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1]);
    this.#missingBytes = text.indexOf('\r\n\r\n') + 4 + bodyBytes;
  }
}
