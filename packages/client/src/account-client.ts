import type { KeyObject } from 'node:crypto';
import { proveKey, publicKeyOf, publisherKeyId, signRotation } from '@ebpm/formats';
import {
  type ApiKey,
  type ApiKeyBody,
  type ApiKeys,
  type ApiLoginBody,
  type ApiNewOtp,
  type ApiNewOtpBody,
  type ApiNewToken,
  type ApiOidc,
  type ApiTokenBody,
  type ApiTokens,
  apiKeyKind,
  apiKeysKind,
  apiNewOtpKind,
  apiNewTokenKind,
  apiOidcKind,
  apiTokensKind,
} from '@ebpm/schemas';
import { callPath, type RegistryCaller } from './registry-caller.js';

/** Where a key is to stand. */
export interface KeyPlace {
  /** The name of the organisation that it is to belong to; default: who asks. */
  readonly organisation?: string | undefined;
  /** The private half of the key whose place it takes, which signs that. */
  readonly replaces?: KeyObject | undefined;
}

/** What somebody does with his account. Each rejects with what the registry answers. */
export class AccountClient {
  readonly #caller: RegistryCaller;

  constructor(caller: RegistryCaller) {
    this.#caller = caller;
  }

  /** A token for a name and a password. */
  login(json: ApiLoginBody): Promise<ApiNewToken> {
    return this.#caller.answer(apiNewTokenKind, { method: 'POST', path: callPath('login'), json, with: 'none' });
  }

  /** What the token of a CI service must be made for. */
  oidc(): Promise<ApiOidc> {
    return this.#caller.answer(apiOidcKind, { method: 'GET', path: callPath('oidc'), with: 'none' });
  }

  /** A token that publishes one package, for the token of a CI service. */
  exchange(packageName: string, token: string): Promise<ApiNewToken> {
    const json = { package: packageName, token };
    const path = callPath('oidc', 'token');
    return this.#caller.answer(apiNewTokenKind, { method: 'POST', path, json, with: 'none' });
  }

  /** The tokens of the account. */
  tokens(): Promise<ApiTokens> {
    return this.#caller.answer(apiTokensKind, { method: 'GET', path: callPath('tokens') });
  }

  /** Makes a token; the only time that it is shown. */
  createToken(json: ApiTokenBody): Promise<ApiNewToken> {
    return this.#caller.answer(apiNewTokenKind, { method: 'POST', path: callPath('tokens'), json });
  }

  /** Ends a token for good. */
  revokeToken(id: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: callPath('tokens', id) });
  }

  /** The keys that one signs packages with, or an organisation of this name does. */
  keys(organisation?: string): Promise<ApiKeys> {
    const query = organisation === undefined ? '' : `?${new URLSearchParams({ organisation })}`;
    return this.#caller.answer(apiKeysKind, { method: 'GET', path: `${callPath('keys')}${query}` });
  }

  /** Any key, by its id. */
  key(id: string): Promise<ApiKey> {
    return this.#caller.answer(apiKeyKind, { method: 'GET', path: callPath('keys', id), with: 'none' });
  }

  /**
   * Registers the public half of a key, and proves that one has the other half, which stays here.
   * @param owner the id of who asks, as `whoami` says it, or with `organisation` that organisation's
   */
  addKey(privateKey: KeyObject, owner: string, { organisation, replaces }: KeyPlace = {}): Promise<ApiKey> {
    const json: ApiKeyBody = {
      ...proveKey(privateKey, owner),
      ...(organisation !== undefined && { organisation }),
      ...(replaces !== undefined && {
        replaces: publisherKeyId(publicKeyOf(replaces)),
        rotation: signRotation(replaces, publicKeyOf(privateKey)),
      }),
    };
    return this.#caller.answer(apiKeyKind, { method: 'POST', path: callPath('keys'), json });
  }

  /** Revokes a key, for ever. */
  revokeKey(id: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: callPath('keys', id) });
  }

  /** @param current the password until now, if there is one */
  setPassword(password: string, current?: string): Promise<void> {
    const json = { password, ...(current !== undefined && { current }) };
    return this.#caller.done({ method: 'PUT', path: callPath('account', 'password'), json });
  }

  /** Begins to set up one-time codes: what an authenticator app needs. @param password of the account, if it has one */
  beginOtp(password?: string): Promise<ApiNewOtp> {
    const json: ApiNewOtpBody = { ...(password !== undefined && { password }) };
    return this.#caller.answer(apiNewOtpKind, { method: 'POST', path: callPath('account', 'otp'), json });
  }

  /** Shows with a code that the app has the secret: from now on logging in asks for one. */
  confirmOtp(code: string): Promise<void> {
    return this.#caller.done({ method: 'PUT', path: callPath('account', 'otp'), json: { code } });
  }

  /** Ends one-time codes. */
  removeOtp(code: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: callPath('account', 'otp'), json: { code } });
  }
}
