import type { FastifyRequest } from 'fastify';
import type { Asking } from '../accounts/accounts.js';
import { shownCode } from '../accounts/shown-code.js';
import type { Check } from '../publish/permits.js';
import { type RouteContext, tokenOf } from './route-context.js';

/**
 * The one-time code of who decides who publishes a package, and how: where people publish it with one, he shows one too. Else a stolen
 * token would only have to end that, or to let somebody else publish.
 * @throws EBPM_OTP_REQUIRED, EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED
 */
export function codeForPackage(context: RouteContext, request: FastifyRequest, name: string): Promise<Check> {
  const { accountIndex } = context.registry;
  return codeWhere(context, request, () => accountIndex.record('policy', name)?.otp === true);
}

/**
 * Who gives somebody rights in an organisation, with his one-time code where a package of it wants one.
 * @throws EBPM_OTP_REQUIRED, EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED
 */
export async function askingWithCode(
  context: RouteContext,
  request: FastifyRequest,
  { organisation, asking }: { readonly organisation: string; readonly asking: Asking },
): Promise<Asking> {
  const { accountIndex, packages } = context.registry;
  const code = await codeWhere(context, request, () =>
    accountIndex.packagesWithCodes().some((name) => packages.package(name)?.owners.includes(organisation)),
  );
  return { ...asking, check: () => asking.check() ?? code() };
}

function codeWhere(context: RouteContext, request: FastifyRequest, isWanted: () => boolean): Promise<Check> {
  const code = request.headers['ebpm-otp'];
  const { user } = tokenOf(context, request);
  return shownCode(context.registry.logins, { user, code: typeof code === 'string' ? code : undefined, isWanted });
}
