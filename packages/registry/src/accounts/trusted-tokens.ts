// Trusted publishing: a job of a CI service shows a token that its service signed (OpenID Connect Core 1.0 section 2), and gets one of
// ours for one package and a few minutes. Nobody keeps a secret for it.

import { EbpmError } from '@ebpm/formats';
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../clock.js';
import { OIDC_LIMITS } from '../limits.js';
import type { Outbound } from '../outbound.js';
import { parseJson } from '../parse-json.js';
import type { TrustState } from './account-records.js';
import type { AccountView } from './account-state.js';

/** What checks tokens of CI services. */
export interface TrustedTokensParts {
  readonly outbound: Outbound;
  readonly accounts: AccountView;
  /** The random id of the registry: tokens are made for it alone. */
  readonly registry: string;
  readonly clock: Clock;
}

interface IssuerKeys {
  readonly keys: JSONWebKeySet;
  readonly readMs: number;
}

/** Signatures with a shared secret are none here: whoever could check them could make them. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Finds out which trusted publisher of a package a token is from. Only issuers that a package trusts are ever asked for their keys. */
export class TrustedTokens {
  readonly #parts: TrustedTokensParts;
  readonly #keys = new Map<string, IssuerKeys>();

  constructor(parts: TrustedTokensParts) {
    this.#parts = parts;
  }

  /** What `aud` of a token must be, so that one for another registry is good for nothing here. */
  get audience(): string {
    return `ebpm:${this.#parts.registry}`;
  }

  /**
   * The trusted publisher of the package that the token is from.
   * @throws EBPM_OIDC_REFUSED; EBPM_OUTBOUND_* when its issuer's keys cannot be read
   */
  async publisherOf(name: string, token: string): Promise<TrustState> {
    const issuer = issuerOf(token);
    const trusts = this.#parts.accounts.records('package-trust', `${name}/`).filter((trust) => trust.issuer === issuer);
    if (issuer === undefined || trusts.length === 0) throw refused('the package trusts nobody with such a token');
    const claims = await this.#verified(token, issuer);
    const trust = trusts.find((one) => hasClaims(claims, one.claims));
    if (trust === undefined) throw refused('its claims are not those of a publisher that the package trusts');
    return trust;
  }

  async #verified(token: string, issuer: string): Promise<JWTPayload> {
    const { clock } = this.#parts;
    const cached = this.#keys.get(issuer);
    const isFresh = cached !== undefined && clock.elapsedMs() - cached.readMs < OIDC_LIMITS.keysMs;
    const keys = isFresh ? cached : await this.#readKeys(issuer);
    try {
      return await this.#verify(token, issuer, keys);
    } catch (error) {
      // The issuer may have taken a new key since; but whoever invents keys does not make us ask it at every request.
      const isOld = clock.elapsedMs() - keys.readMs >= OIDC_LIMITS.newKeysMs;
      if (error instanceof errors.JWKSNoMatchingKey && isOld) {
        return this.#verify(token, issuer, await this.#readKeys(issuer)).catch(explain);
      }
      return explain(error);
    }
  }

  async #verify(token: string, issuer: string, { keys }: IssuerKeys): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer,
      audience: this.audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat'],
      maxTokenAge: OIDC_LIMITS.tokenAgeS,
      clockTolerance: OIDC_LIMITS.toleranceS,
      currentDate: new Date(this.#parts.clock.nowMs()),
    });
    return payload;
  }

  /** OpenID Connect Discovery 1.0 section 4. */
  async #readKeys(issuer: string): Promise<IssuerKeys> {
    const about = await this.#readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (about['issuer'] !== issuer) throw refused(`"${issuer}" says that it is another issuer`);
    const { jwks_uri: address } = about;
    if (typeof address !== 'string') throw refused(`"${issuer}" does not say where its keys are`);
    if (issuer.startsWith('https:') && !address.startsWith('https:')) throw refused('its keys are not behind https');
    const found = await this.#readJson(address);
    if (!Array.isArray(found['keys'])) throw refused(`"${issuer}" has no keys`);
    const read = { keys: { keys: found['keys'] } as JSONWebKeySet, readMs: this.#parts.clock.elapsedMs() };
    if (this.#keys.size >= OIDC_LIMITS.issuers) this.#keys.clear();
    this.#keys.set(issuer, read);
    return read;
  }

  async #readJson(url: string): Promise<Readonly<Record<string, unknown>>> {
    const { status, body } = await this.#parts.outbound.send({ url, maxBytes: OIDC_LIMITS.answerSizeBytes });
    const value: unknown = status === 200 ? parseJson(body) : undefined;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    throw refused(`"${url}" did not answer with JSON`);
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
}

function hasClaims(payload: JWTPayload, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, text]) => {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    return ['string', 'number', 'boolean'].includes(typeof value) && String(value) === text;
  });
}

/** What `jose` found wrong, in its words: they name claims and algorithms, never contents. */
function explain(error: unknown): never {
  if (error instanceof errors.JOSEError) throw refused(error.message, error);
  throw error;
}

function refused(reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_OIDC_REFUSED', `Cannot accept the token of the CI service: ${reason}`, { cause });
}
