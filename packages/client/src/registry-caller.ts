import type { Kind } from '@ebpm/schemas';
import type { HttpRequest } from './http.js';

/** One call of a registry's API. */
export type ApiCall = Pick<HttpRequest, 'method'> & {
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** A one-time code. */
  readonly otp?: string | undefined;
  /** Default: the client's token, which must be there; `none` for calls that come before there is one. */
  readonly with?: 'token' | 'none';
};

/** What goes along with a change that decides who publishes a package, and how. */
export interface WithCode {
  /** A one-time code, where the package, or one of the organisation, is published with one. */
  readonly otp?: string | undefined;
}

/** How the parts of a client call its registry: with its token, its state, and its checks of every answer. */
export interface RegistryCaller {
  /** Sends a call and checks the answer against its schema. */
  answer<T>(kind: Kind<T>, call: ApiCall): Promise<T>;
  /** Sends a call that answers with nothing. */
  done(call: ApiCall): Promise<void>;
}

/** The path of a package, or of something below it; every part is percent-encoded. */
export function packageCallPath(name: string, ...parts: readonly string[]): string {
  return callPath('packages', name, ...parts);
}

/** A path below `/api/v1`; every part is percent-encoded. */
export function callPath(...parts: readonly string[]): string {
  return `/api/v1/${parts.map(encodeURIComponent).join('/')}`;
}
