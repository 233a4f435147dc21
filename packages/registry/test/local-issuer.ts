import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type LoopbackServer, serve } from './loopback-server.js';

/** What a token says, and who signs it. */
export interface TokenWish {
  readonly claims: JWTPayload;
  readonly audience: string;
  /** When it is made, in milliseconds since 1970; by default now. */
  readonly madeMs?: number;
  /** Default: the issuer itself. */
  readonly from?: string | undefined;
  /** Default: the issuer's key. */
  readonly by?: Keys['privateKey'] | Uint8Array | undefined;
  readonly algorithm?: string | undefined;
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** A CI service on this machine: its own keys, real signatures, and the two documents that OpenID Connect asks for. */
export class LocalIssuer {
  readonly url: string;
  readonly #server: LoopbackServer;
  readonly #key: IssuerKey;

  private constructor(server: LoopbackServer, key: IssuerKey) {
    this.#server = server;
    this.#key = key;
    this.url = server.url;
  }

  static async start(): Promise<LocalIssuer> {
    const key: IssuerKey = { id: 'first', keys: await newKeys() };
    const server = await serve(async ({ path }, response) => {
      const jwk = { ...(await exportJWK(key.keys.publicKey)), kid: key.id, alg: 'ES256', use: 'sig' };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(path === '/keys' ? { keys: [jwk] } : { issuer: server.url, jwks_uri: `${server.url}/keys` }),
      );
    });
    return new LocalIssuer(server, key);
  }

  /** How often somebody asked for one of the documents. */
  get asked(): number {
    return this.#server.seen.length;
  }

  /** Signs with another key from now on. */
  async changeKey(id: string): Promise<void> {
    Object.assign(this.#key, { id, keys: await newKeys() });
  }

  /** The token of a job, good for 5 minutes. */
  token({ claims, audience, madeMs = Date.now(), from, by, algorithm = 'ES256' }: TokenWish): Promise<string> {
    const madeS = Math.floor(madeMs / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid: this.#key.id })
      .setIssuer(from ?? this.url)
      .setAudience(audience)
      .setIssuedAt(madeS)
      .setExpirationTime(madeS + 300)
      .sign(by ?? this.#key.keys.privateKey);
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

interface IssuerKey {
  id: string;
  keys: Keys;
}

function newKeys(): Promise<Keys> {
  return generateKeyPair('ES256', { extractable: true });
}
