import { rootCertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import type { HttpSettings } from './http.js';
import { CONNECT_TIMEOUT_MS } from './limits.js';

/** An answer whose body has not been read yet. */
export type AgentAnswer = Dispatcher.ResponseData;

type AgentRequest = NonNullable<Parameters<typeof request<null>>[1]>;

/** The connections of one `Http`. What needs none loads neither this file nor undici. */
export class Agent {
  readonly #dispatcher: Dispatcher;

  constructor({ httpProxy, httpsProxy, noProxy, ca }: HttpSettings) {
    const tls = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
    // An empty text means no proxy; without one undici would read the environment by itself.
    this.#dispatcher = new EnvHttpProxyAgent({
      httpProxy: httpProxy ?? '',
      httpsProxy: httpsProxy ?? '',
      noProxy: noProxy ?? '',
      // Proxies commonly allow CONNECT to port 443 alone, so http:// goes to them as a plain request.
      proxyTunnel: false,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...tls },
      requestTls: tls,
      proxyTls: tls,
    });
  }

  /** Sends one request. Redirects are answers like any other. @throws undici's errors */
  request(url: string, wish: AgentRequest): Promise<AgentAnswer> {
    return request(url, { ...wish, dispatcher: this.#dispatcher });
  }

  /** Closes the connections, also those under way. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}
