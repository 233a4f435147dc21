import { setTimeout as sleep } from 'node:timers/promises';
import { EbpmError } from '@ebpm/formats';
import { AnswerBody, type Continued } from './answer-body.js';
import type { Agent, AgentAnswer } from './http-agent.js';
import { BODY_TIMEOUT_MS, HEADERS_TIMEOUT_MS, MAX_REDIRECTS, RETRY_DELAYS_MS } from './limits.js';
import { pauseAfterAnswer, pauseAfterFailure } from './retry.js';

/** How this machine reaches the web. */
export interface HttpSettings {
  readonly userAgent: string;
  /** URL of a proxy for http:// and for https://, and the hosts that need none (`NO_PROXY`'s syntax). */
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
  /** Certificates (PEM) that are trusted beside those that Node brings along. */
  readonly ca?: string | undefined;
  /** How long to wait for an answer, and between two parts of one, in milliseconds. Default 30 s each. */
  readonly headersTimeoutMs?: number;
  readonly bodyTimeoutMs?: number;
  /** Pauses before a GET that broke off, or was answered "not now", is sent again. Default 0.3, 1 and 3 s. */
  readonly retryDelaysMs?: readonly number[];
}

/** One request. */
export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the origin of `url` only, whatever it redirects to. */
  readonly token?: string | undefined;
  readonly body?: Uint8Array;
  /** The most bytes that the answer may have. */
  readonly maxBytes: number;
  /** Called while the body comes in; the total is undefined where the server does not say it. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => void) | undefined;
  /** The answer may be continued where it broke off; default: it is read from its beginning each time. */
  readonly continued?: Continued | undefined;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** The one door to the web: every connection of the client is opened here. */
export class Http {
  /** Loaded and made for the first request: what is in the store needs none, and loading takes as long as installing a hundred packages from there. */
  #agent: Promise<Agent> | undefined;
  readonly #settings: HttpSettings;

  /** @throws EBPM_PROXY_INVALID */
  constructor(settings: HttpSettings) {
    for (const proxy of [settings.httpProxy, settings.httpsProxy]) checkProxy(proxy);
    this.#settings = settings;
  }

  /**
   * Sends a request and reads the whole answer. Redirects of a GET are followed, up to 5; those of other methods are
   * an answer like any other. A GET that breaks off, or is answered "not now", is sent again up to three times.
   *
   * @throws EBPM_REGISTRY_UNREACHABLE, EBPM_REGISTRY_ANSWER_INVALID
   */
  async send(wish: HttpRequest): Promise<HttpAnswer> {
    if (wish.method !== 'GET') return this.#follow(wish, new AnswerBody());
    const body = new AnswerBody(wish.continued);
    for (const delayMs of this.#settings.retryDelaysMs ?? RETRY_DELAYS_MS) {
      let pauseMs: number | undefined;
      const startMs = Date.now();
      try {
        const answer = await this.#follow(wish, body);
        const nowMs = Date.now();
        if (answer.status === RANGE_REFUSED && body.size > 0) {
          body.restart();
          continue;
        }
        pauseMs = pauseAfterAnswer(answer, { delayMs, tookMs: nowMs - startMs, nowMs });
        if (pauseMs === undefined) return answer;
      } catch (error) {
        pauseMs = pauseAfterFailure(error, delayMs);
        if (pauseMs === undefined) throw error;
      }
      await sleep(pauseMs);
    }
    return this.#follow(wish, body);
  }

  /** Closes the connections; nothing can be sent any more. */
  async close(): Promise<void> {
    await (await this.#agent)?.close();
  }

  async #follow(wish: HttpRequest, body: AnswerBody): Promise<HttpAnswer> {
    const home = new URL(wish.url).origin;
    let url = wish.url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const token = new URL(url).origin === home ? wish.token : undefined;
      const answer = await this.#once({ ...wish, url, token }, body);
      const target = wish.method === 'GET' ? redirectTarget(answer, url) : undefined;
      if (target === undefined) return answer;
      url = target;
    }
    throw invalid(wish.url, `it redirects more than ${MAX_REDIRECTS} times`);
  }

  async #once(wish: HttpRequest, body: AnswerBody): Promise<HttpAnswer> {
    const { url, token } = wish;
    const { userAgent, headersTimeoutMs = HEADERS_TIMEOUT_MS, bodyTimeoutMs = BODY_TIMEOUT_MS } = this.#settings;
    try {
      this.#agent ??= openAgent(this.#settings);
      const answer = await (await this.#agent).request(url, {
        method: wish.method,
        headers: {
          'user-agent': userAgent,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...wish.headers,
          ...body.headers,
        },
        body: wish.body ?? null,
        headersTimeout: headersTimeoutMs,
        bodyTimeout: bodyTimeoutMs,
      });
      const { statusCode, headers } = answer;
      if (!CONTENT.includes(statusCode)) {
        // A redirect, or a refusal: what has arrived of the answer itself stays as it is.
        const other = new AnswerBody();
        await readBody(answer, wish, other);
        return { status: statusCode, headers, body: other.whole() };
      }
      body.begin({ status: statusCode, headers });
      await readBody(answer, wish, body);
      return { status: wish.continued === undefined ? statusCode : 200, headers, body: body.whole() };
    } catch (cause) {
      throw cause instanceof EbpmError ? cause : unreachable(url, cause);
    }
  }
}

async function openAgent(settings: HttpSettings): Promise<Agent> {
  const { Agent } = await import('./http-agent.js');
  return new Agent(settings);
}

function checkProxy(proxy: string | undefined): void {
  if (proxy === undefined || proxy === '') return;
  if (URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol)) return;
  throw new EbpmError('EBPM_PROXY_INVALID', `Cannot use "${proxy}" as a proxy: it is no http or https URL`, {
    hint: 'Set HTTPS_PROXY to an address such as http://proxy.example.org:3128',
  });
}

async function readBody({ body: parts, headers }: AgentAnswer, wish: HttpRequest, body: AnswerBody): Promise<void> {
  const length = Number(headers['content-length'] ?? Number.NaN);
  const totalBytes = Number.isSafeInteger(length) && length > 0 ? body.size + length : undefined;
  for await (const part of parts) {
    if (body.size + part.length > wish.maxBytes) throw invalid(wish.url, `it has more than ${wish.maxBytes} bytes`);
    await body.add(part);
    wish.onProgress?.(body.size, totalBytes);
  }
}

/** RFC 9110 section 15.5.17: there are not so many bytes. */
const RANGE_REFUSED = 416;

/** An answer itself, or the rest of one. */
const CONTENT: readonly number[] = [200, 206];

/** RFC 9110 section 15.4: statuses whose `Location` a GET goes on to. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Where an answer sends us; never from https to http. */
function redirectTarget({ status, headers }: HttpAnswer, from: string): string | undefined {
  const { location } = headers;
  if (!REDIRECTS.includes(status) || typeof location !== 'string') return undefined;
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
  const allowed = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.startsWith('http:'));
  if (target === undefined || !allowed) throw invalid(from, 'it redirects to where no registry can be');
  return target.href;
}

function invalid(url: string, reason: string): EbpmError {
  return new EbpmError('EBPM_REGISTRY_ANSWER_INVALID', `Cannot use the answer of "${url}": ${reason}`);
}

function unreachable(url: string, cause: unknown): EbpmError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new EbpmError('EBPM_REGISTRY_UNREACHABLE', `Cannot reach "${new URL(url).origin}": ${reason}`, {
    cause,
    hint: 'Check the address (EBPM_REGISTRY or --registry), the network, and HTTPS_PROXY and NO_PROXY',
    data: { code },
  });
}

const UNKNOWN_SIGNER = 'its certificate is signed by nobody known; name a file with the signer in EBPM_CA_FILE';

/** Node's and undici's codes in words. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of its answer',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_SIGNER,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_SIGNER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_SIGNER,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
