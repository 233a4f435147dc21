import type { Digest } from '@ebpm/formats';
import type { FastifyRequest } from 'fastify';
import type { TokenState } from '../accounts/account-state.js';
import type { ArchiveMemory } from '../http/archive-memory.js';
import type { ByteBudget } from '../http/byte-budget.js';
import type { Identities } from '../http/require-token.js';
import type { UploadMemory } from '../http/upload-memory.js';
import type { CheckPool } from '../publish/check-pool.js';
import type { Registry } from '../registry.js';

/** What routes work with. */
export interface RouteContext extends Identities {
  readonly registry: Registry;
  readonly archives: ArchiveMemory;
  /** The threads that check archives. */
  readonly checks: CheckPool;
  /** Where the bodies of publishes lie. */
  readonly uploads: UploadMemory;
  /** What may be held at a time for large bodies. */
  readonly budget: ByteBudget;
  /** Where the store itself gives out a blob, if clients are to be sent there. */
  readonly blobLocation?: ((digest: Digest) => Promise<string | undefined>) | undefined;
}

/** The token of a request on a route that has `requireToken`. */
export function tokenOf({ tokens }: RouteContext, request: FastifyRequest): TokenState {
  const token = tokens.get(request);
  if (token === undefined)
    throw new TypeError(`the route ${request.routeOptions.url} lets in requests without a token`);
  return token;
}
