import type { FastifyRequest } from 'fastify';
import type { TokenState } from '../accounts/account-state.js';
import type { Identities } from '../http/require-token.js';
import type { Registry } from '../registry.js';

/** What routes work with. */
export interface RouteContext extends Identities {
  readonly registry: Registry;
}

/** The token of a request on a route that has `requireToken`. */
export function tokenOf({ tokens }: RouteContext, request: FastifyRequest): TokenState {
  const token = tokens.get(request);
  if (token === undefined)
    throw new TypeError(`the route ${request.routeOptions.url} lets in requests without a token`);
  return token;
}
