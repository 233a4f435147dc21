import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { EbpmError } from '@ebpm/formats';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { AddressRules } from './address-rules.js';
import { OUTBOUND_LIMITS } from './limits.js';

/** How the registry reaches others. */
export interface OutboundSettings {
  readonly userAgent: string;
  /** Hosts, addresses and networks that may be asked although they are private, see `AddressRules`. */
  readonly allow?: readonly string[];
  /** Certificates (PEM) to trust instead of those that Node brings along. */
  readonly ca?: string;
  /** All addresses of a host; default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

/** One request to somebody else's server. */
export interface OutboundRequest {
  readonly method?: 'GET' | 'POST';
  /** `http:` or `https:`, without user and password. */
  readonly url: string;
  /** They may carry secrets: whatever the URL redirects to, another origin never gets them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The most bytes that the answer may have. */
  readonly maxBytes: number;
  /** For all of it, redirects included, in milliseconds. Default 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A whole answer, whatever its status. */
export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/**
 * The one door of the registry to the outside. URLs come from users and from other servers, and this process stands where private
 * services can be reached: so a connection is opened only to an address that was checked, the very one, after DNS, for every request
 * and every redirect.
 */
export class Outbound {
  readonly #agent: Agent;
  readonly #rules: AddressRules;
  readonly #userAgent: string;

  /** @throws EBPM_OUTBOUND_ALLOW_INVALID */
  constructor({ userAgent, allow, ca, resolve = resolveBySystem }: OutboundSettings) {
    this.#rules = new AddressRules(allow);
    const connect = checkedConnector(this.#rules, resolve, ca);
    const { connections, keepAliveMs: keepAliveTimeout } = OUTBOUND_LIMITS;
    this.#agent = new Agent({ connect, connections, keepAliveTimeout, keepAliveMaxTimeout: keepAliveTimeout });
    this.#userAgent = userAgent;
  }

  /**
   * Sends a request and reads the whole answer. Redirects of a GET are followed, up to 3, never from https to http; one of a
   * POST is an answer like any other.
   * @throws EBPM_OUTBOUND_REFUSED when the URL or an address is not allowed, EBPM_OUTBOUND_FAILED when nobody answers in time,
   * EBPM_OUTBOUND_ANSWER_INVALID
   */
  async send(wish: OutboundRequest): Promise<OutboundAnswer> {
    const { timeoutMs = OUTBOUND_LIMITS.timeoutMs, method = 'GET' } = wish;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = wish.signal === undefined ? deadline : AbortSignal.any([wish.signal, deadline]);
    let url = checkedUrl(wish.url);
    const home = url.origin;
    for (let redirects = 0; redirects <= OUTBOUND_LIMITS.redirects; redirects++) {
      const headers = url.origin === home ? wish.headers : undefined;
      const answer = await this.#once({ ...wish, method, headers, signal }, url);
      const target = method === 'GET' ? redirectTarget(answer, url) : undefined;
      if (target === undefined) return answer;
      url = target;
    }
    throw invalid(url, `it redirects more than ${OUTBOUND_LIMITS.redirects} times`);
  }

  /** Refuses a URL that `send` would refuse before it looks up any name: for URLs that are kept. @throws EBPM_OUTBOUND_REFUSED */
  check(url: string): void {
    const host = checkedUrl(url).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.#rules.allow(host, host)) throw refusedAddress(host);
  }

  /** Breaks off what is under way; nothing can be sent any more. Safe to call twice. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once({ method, headers, body, maxBytes, signal }: OneRequest, url: URL): Promise<OutboundAnswer> {
    try {
      const answer = await request(url, {
        dispatcher: this.#agent,
        method,
        headers: { ...headers, 'user-agent': this.#userAgent },
        body: body ?? null,
        signal,
      });
      return { status: answer.statusCode, headers: answer.headers, body: await readBody(answer, url, maxBytes) };
    } catch (cause) {
      throw cause instanceof EbpmError ? cause : failed(url, cause);
    }
  }
}

interface OneRequest extends Pick<OutboundRequest, 'body' | 'maxBytes'> {
  readonly method: 'GET' | 'POST';
  readonly headers: OutboundRequest['headers'] | undefined;
  readonly signal: AbortSignal;
}

type Resolve = NonNullable<OutboundSettings['resolve']>;

/**
 * Opens connections to checked addresses alone. A host is looked up once for each connection, by the socket itself, which gets no address
 * but those that passed: a second answer of its DNS server, made for whoever checks first and connects later, is never asked for.
 */
function checkedConnector(rules: AddressRules, resolve: Resolve, ca: string | undefined): buildConnector.connector {
  const timeout = OUTBOUND_LIMITS.connectTimeoutMs;
  const options = { timeout, lookup: checkedLookup(rules, resolve), ...(ca !== undefined && { ca }) };
  const connect = buildConnector(options as buildConnector.BuildOptions);
  return (target, callback) => {
    const { hostname } = target;
    if (isIP(hostname) !== 0 && !rules.allow(hostname, hostname)) callback(refusedAddress(hostname), null);
    else connect(target, callback);
  };
}

function checkedLookup(rules: AddressRules, resolve: Resolve): LookupFunction {
  return (host, { all = false }, callback) => {
    const answer = async () => {
      const found = await resolve(host);
      const allowed = found.filter(({ address }) => rules.allow(host, address));
      const [first] = allowed;
      if (first === undefined) throw refusedAddress(host);
      if (all) callback(null, allowed);
      else callback(null, first.address, first.family);
    };
    answer().catch((error: Error) => callback(error, []));
  };
}

function resolveBySystem(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

async function readBody({ body, headers }: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => invalid(url, `it has more than ${maxBytes} bytes`);
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    body.destroy();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** As much of somebody else's text as an error needs. */
const SHOWN_LENGTH = 100;

function checkedUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw refused(`"${text.slice(0, SHOWN_LENGTH)}"`, 'it is no http or https URL');
  if (url.username !== '' || url.password !== '')
    throw refused(`"${url.origin}"`, 'the URL has a user or a password in it');
  return url;
}

/** RFC 9110 section 15.4: statuses whose `Location` a GET goes on to. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

function redirectTarget({ status, headers }: OutboundAnswer, from: URL): URL | undefined {
  const { location } = headers;
  if (!REDIRECTS.includes(status) || typeof location !== 'string') return undefined;
  const target = checkedUrl(location, from);
  if (from.protocol === 'https:' && target.protocol === 'http:') throw invalid(from, 'it redirects from https to http');
  return target;
}

function refusedAddress(host: string): EbpmError {
  return refused(
    `"${host}"`,
    'it has no address on the public internet',
    'if it is meant, whoever runs this allows it: --outbound-allow for the registry, --allow for a mirror',
  );
}

function refused(what: string, reason: string, hint?: string): EbpmError {
  const message = `Cannot send a request to ${what}: ${reason}`;
  return new EbpmError('EBPM_OUTBOUND_REFUSED', message, hint === undefined ? {} : { hint });
}

function invalid({ origin }: URL, reason: string): EbpmError {
  return new EbpmError('EBPM_OUTBOUND_ANSWER_INVALID', `Cannot use the answer of "${origin}": ${reason}`);
}

function failed({ origin }: URL, cause: unknown): EbpmError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const name = cause instanceof Error ? cause.name : '';
  const reason = REASONS[String(code)] ?? REASONS[name] ?? 'the connection failed';
  return new EbpmError('EBPM_OUTBOUND_FAILED', `Cannot reach "${origin}": ${reason}`, { cause });
}

/** Node's and undici's codes and names in words. */
const REASONS: Readonly<Record<string, string>> = {
  AbortError: 'it was broken off',
  TimeoutError: 'it did not answer in time',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  UND_ERR_DESTROYED: 'the registry is shutting down',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody known',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
