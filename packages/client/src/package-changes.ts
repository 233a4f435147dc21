import {
  type ApiOwners,
  type ApiPolicy,
  type ApiTrust,
  type ApiTrustBody,
  type ApiTrusts,
  apiOwnersKind,
  apiPolicyKind,
  apiTrustKind,
  apiTrustsKind,
} from '@ebpm/schemas';
import { packageCallPath, type RegistryCaller, type WithCode } from './registry-caller.js';

/** What owners of a package, and those whom they let, do with it. Each rejects with what the registry answers. */
export class PackageChanges {
  readonly #caller: RegistryCaller;

  constructor(caller: RegistryCaller) {
    this.#caller = caller;
  }

  /** From now on nothing but its number leads to the version. */
  yank(name: string, version: string, reason?: string): Promise<void> {
    const path = packageCallPath(name, 'versions', version, 'yank');
    return this.#caller.done({ method: 'PUT', path, json: reason === undefined ? {} : { reason } });
  }

  /** Takes a yank back. */
  unyank(name: string, version: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: packageCallPath(name, 'versions', version, 'yank') });
  }

  /** Says why nobody should use a version, or the whole package, any more; an empty message takes that back. */
  deprecate(name: string, message: string, version?: string): Promise<void> {
    const json = { message, ...(version !== undefined && { version }) };
    return this.#caller.done({ method: 'PUT', path: packageCallPath(name, 'deprecation'), json });
  }

  /** Lets a tag name a version. */
  setTag(name: string, tag: string, version: string): Promise<void> {
    return this.#caller.done({ method: 'PUT', path: packageCallPath(name, 'tags', tag), json: { version } });
  }

  /** Removes a tag. */
  removeTag(name: string, tag: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: packageCallPath(name, 'tags', tag) });
  }

  /** Who the package belongs to. */
  owners(name: string): Promise<ApiOwners> {
    return this.#caller.answer(apiOwnersKind, { method: 'GET', path: packageCallPath(name, 'owners') });
  }

  /** @param owner the name of a user or an organisation */
  addOwner(name: string, owner: string, { otp }: WithCode = {}): Promise<void> {
    return this.#caller.done({ method: 'PUT', path: packageCallPath(name, 'owners', owner), otp });
  }

  /** @param owner the name of a user or an organisation */
  removeOwner(name: string, owner: string, { otp }: WithCode = {}): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: packageCallPath(name, 'owners', owner), otp });
  }

  /** Says who may read the package. */
  setVisibility(name: string, visibility: 'public' | 'private', { otp }: WithCode = {}): Promise<void> {
    const path = packageCallPath(name, 'visibility');
    return this.#caller.done({ method: 'PUT', path, json: { visibility }, otp });
  }

  /** How the package may be published. */
  policy(name: string): Promise<ApiPolicy> {
    return this.#caller.answer(apiPolicyKind, { method: 'GET', path: packageCallPath(name, 'policy') });
  }

  /** Says how the package may be published. */
  setPolicy(name: string, policy: ApiPolicy, { otp }: WithCode = {}): Promise<void> {
    return this.#caller.done({ method: 'PUT', path: packageCallPath(name, 'policy'), json: policy, otp });
  }

  /** The CI jobs that may publish the package. */
  trusts(name: string): Promise<ApiTrusts> {
    return this.#caller.answer(apiTrustsKind, { method: 'GET', path: packageCallPath(name, 'trusts') });
  }

  /** Lets CI jobs publish whose service's tokens have these claims. */
  addTrust(name: string, json: ApiTrustBody, { otp }: WithCode = {}): Promise<ApiTrust> {
    const path = packageCallPath(name, 'trusts');
    return this.#caller.answer(apiTrustKind, { method: 'POST', path, json, otp });
  }

  /** @param id of a trusted publisher */
  removeTrust(name: string, id: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: packageCallPath(name, 'trusts', id) });
  }
}
