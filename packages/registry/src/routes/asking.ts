import { EbpmError } from '@ebpm/formats';
import type { FastifyRequest } from 'fastify';
import type { OrganisationState } from '../accounts/account-records.js';
import type { Asking } from '../accounts/accounts.js';
import { tokenRefusal } from '../accounts/authenticate.js';
import { useRefusal } from '../accounts/token-limits.js';
import type { Check } from '../publish/permits.js';
import { type RouteContext, tokenOf } from './route-context.js';

/**
 * Who asks for a change of his account, or of something that `check` allows him, asked again right before it is written.
 * @throws what it says now
 */
export function askingFor(context: RouteContext, request: FastifyRequest, check: Check = () => undefined): Asking {
  const { accountIndex, clock } = context.registry;
  const token = tokenOf(context, request);
  const all: Check = () =>
    tokenRefusal(accountIndex.token(token.id), clock.nowMs()) ?? useRefusal(token, { power: 'account' }) ?? check();
  const refusal = all();
  if (refusal !== undefined) throw refusal;
  return { by: token.user, check: all };
}

/**
 * The organisation, for one of its members. For anybody else there is none.
 * @throws EBPM_ORGANISATION_NOT_FOUND
 */
export function organisationOf(context: RouteContext, request: FastifyRequest, name: string): OrganisationState {
  const { accountIndex } = context.registry;
  const { user } = tokenOf(context, request);
  const organisation = accountIndex.record('organisation-name', name);
  if (organisation !== undefined && accountIndex.record('member', `${organisation.id}/${user}`) !== undefined) {
    return organisation;
  }
  const message = `Cannot find the organisation "${name}": there is none, or you are not in it`;
  throw new EbpmError('EBPM_ORGANISATION_NOT_FOUND', message);
}

/**
 * An admin of an organisation who asks for something.
 * @throws EBPM_ORGANISATION_NOT_FOUND, EBPM_NOT_ADMIN
 */
export function askingAdmin(
  context: RouteContext,
  request: FastifyRequest,
  name: string,
): { readonly organisation: string; readonly asking: Asking } {
  const { accountIndex } = context.registry;
  const { user } = tokenOf(context, request);
  const { id: organisation } = organisationOf(context, request, name);
  const asking = askingFor(context, request, () => {
    if (accountIndex.record('member', `${organisation}/${user}`)?.role === 'admin') return undefined;
    return new EbpmError('EBPM_NOT_ADMIN', `Cannot change "${name}": only its admins may`);
  });
  return { organisation, asking };
}
