import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen, stop } from '../../packages/client/test/loopback-server.js';

/** An answer of the registry on its way to the client. */
export interface PassingAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** What is done to an answer; `path` is that of the request. */
export type Lie = (path: string, answer: PassingAnswer) => void;

/** Stands between a client and a registry, and changes what it likes: what whoever runs a registry, or its network, can do. */
export class LyingProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #target: string;
  /** Undefined: the truth. */
  lie: Lie | undefined;

  private constructor(server: Server, port: number, target: string) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(target: string): Promise<LyingProxy> {
    const server = createServer();
    const proxy = new LyingProxy(server, await listen(server), target);
    server.on('request', (request, response) => {
      proxy.#pass(request, response).catch(() => request.socket.destroy());
    });
    return proxy;
  }

  close(): Promise<void> {
    return stop(this.#server);
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(request, 'end');
    const { host, connection, 'content-length': _, 'accept-encoding': __, ...headers } = request.headers;
    const answer = await fetch(`${this.#target}${url}`, {
      method,
      headers: { ...(headers as Record<string, string>), 'accept-encoding': 'identity' },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const passing = {
      status: answer.status,
      headers: Object.fromEntries([...answer.headers].filter(([name]) => !HOP.has(name))),
      body: Buffer.from(await answer.arrayBuffer()),
    };
    this.lie?.(url, passing);
    response.writeHead(passing.status, passing.headers).end(passing.body);
  }
}

/** Headers that are about a connection or a body's length. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding']);

/** Changes the JSON of answers to a path. */
export function lieInJson<T>(path: RegExp, change: (body: T) => void): Lie {
  return (asked, answer) => {
    if (!path.test(asked)) return;
    const body = JSON.parse(answer.body.toString('utf8'));
    change(body);
    answer.body = Buffer.from(JSON.stringify(body));
  };
}
