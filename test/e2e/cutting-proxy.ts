import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../../packages/client/test/loopback-server.js';

/** Between two pieces of an archive. */
const TICK_MS = 20;

/** An HTTP proxy on loopback in front of a registry, which sends archives slowly, and the next ones not to their end. */
export class CuttingProxy {
  readonly url: string;
  /** The byte that each request for an archive asks to begin at; undefined: all of it. */
  readonly begins: (number | undefined)[] = [];
  readonly #server: Server;
  #cutAfterBytes: number[] = [];
  #bytesPerMs = Number.POSITIVE_INFINITY;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(targetUrl: string): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, await listen(server));
    server.on('request', (asked, answer) => {
      // Who asked is gone, or what is behind it: either way the connection ends.
      proxy.#pass(targetUrl, asked, answer).catch(() => answer.destroy());
    });
    return proxy;
  }

  /** Archives come at this rate from now on, and the connections of the next ones break after so many bytes. */
  breakNext(bytesPerMs: number, ...cutAfterBytes: readonly number[]): void {
    this.#bytesPerMs = bytesPerMs;
    this.#cutAfterBytes = [...cutAfterBytes];
    this.begins.length = 0;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(targetUrl: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method, url = '', headers } = asked;
    const sent = request(new URL(url, targetUrl), { method, headers });
    asked.pipe(sent);
    const [got] = (await once(sent, 'response')) as [IncomingMessage];
    answer.writeHead(got.statusCode ?? 502, got.headers);
    if (!url.startsWith('/api/v1/blobs/')) {
      got.pipe(answer);
      return;
    }
    this.begins.push(headers.range === undefined ? undefined : Number(/\d+/.exec(headers.range)?.[0]));
    await this.#sendSlowly(got, answer, this.#cutAfterBytes.shift() ?? Number.POSITIVE_INFINITY);
  }

  async #sendSlowly(got: IncomingMessage, answer: ServerResponse, cutAfterBytes: number): Promise<void> {
    let leftBytes = cutAfterBytes;
    const mostBytes = this.#bytesPerMs * TICK_MS;
    for await (const chunk of got as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += mostBytes) {
        const piece = chunk.subarray(at, Math.min(at + mostBytes, at + leftBytes));
        answer.write(piece);
        leftBytes -= piece.length;
        await sleep(TICK_MS);
        if (leftBytes > 0) continue;
        answer.destroy();
        return;
      }
    }
    answer.end();
  }
}
