import { EbpmError } from '@ebpm/formats';
import type { FastifyRequest } from 'fastify';
import { packageNotFound } from '../accounts/rights.js';
import { useRefusal } from '../accounts/token-limits.js';
import type { PackageState } from '../fold/package-state.js';
import type { RouteContext } from '../routes/route-context.js';
import { requireToken } from './require-token.js';

/**
 * A hook for routes that everybody may ask and that show more to those who have a right on it. A token that is no good lets nobody see
 * more; it is told to those only for whom there is nothing to see.
 */
export function identifyReader(context: RouteContext) {
  const identify = requireToken(context.registry, context, 'read');
  return async (...[request, reply]: Parameters<typeof identify>): Promise<void> => {
    if (request.headers.authorization === undefined) return;
    try {
      await identify(request, reply);
    } catch (error) {
      if (!(error instanceof EbpmError)) throw error;
      context.refusals.set(request, error);
    }
  };
}

/** Whether who asks may read the package. */
export function canRead({ registry, tokens }: RouteContext, request: FastifyRequest, state: PackageState): boolean {
  if (state.visibility === 'public') return true;
  const token = tokens.get(request);
  if (token === undefined || useRefusal(token, { power: 'read', name: state.name }) !== undefined) return false;
  return registry.rights.canRead(token.user, state);
}

/** Whether who asks may read the package of this name, at the moment that it is asked. */
export function canReadNamed(context: RouteContext, request: FastifyRequest, name: string): boolean {
  const state = context.registry.packages.package(name);
  return state !== undefined && canRead(context, request, state);
}

/** There is no such package for who asks: perhaps since his token is no good. */
export function notFoundFor({ refusals }: RouteContext, request: FastifyRequest, name: string): EbpmError {
  return refusals.get(request) ?? packageNotFound(name);
}
