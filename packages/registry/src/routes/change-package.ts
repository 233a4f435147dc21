import { EbpmError } from '@ebpm/formats';
import type { FastifyRequest } from 'fastify';
import type { Level } from '../accounts/account-records.js';
import type { TokenPower } from '../accounts/account-state.js';
import { tokenRefusal } from '../accounts/authenticate.js';
import { useRefusal } from '../accounts/token-limits.js';
import type { JsonValue, OpType } from '../log/op.js';
import type { Check } from '../publish/permits.js';
import { codeForPackage } from './asked-codes.js';
import { foundAfterKick } from './found-after-kick.js';
import { type RouteContext, tokenOf } from './route-context.js';

/** What is needed to change a package. */
export interface PackageNeed {
  readonly name: string;
  readonly level: Level;
  readonly power: TokenPower;
  /** Whether it decides who publishes the package, and how: then it takes a one-time code where publishing does. */
  readonly decidesPublishing?: boolean;
}

/**
 * Writes an operation on a package for whoever sent the request, if he may; that is asked again right before it is written.
 * @throws EBPM_PACKAGE_NOT_FOUND, EBPM_NOT_OWNER, EBPM_TOKEN_FORBIDDEN, EBPM_OTP_REQUIRED, EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED, and what the
 * rules say
 */
export async function changePackage(
  context: RouteContext,
  request: FastifyRequest,
  need: PackageNeed,
  change: Readonly<Record<string, JsonValue>> & { readonly type: OpType },
): Promise<void> {
  const { log, permits } = context.registry;
  const { user: by } = tokenOf(context, request);
  const check = await packageCheck(context, request, need);
  const right = context.registry.rights.change(by, need.name, need.level);
  if (right instanceof EbpmError) throw right;
  const op = { ...change, by, ...(right.as !== by && { as: right.as }), name: need.name };
  await permits.during(op, check, () => log.commit(op));
}

/**
 * What allows a change of a package to whoever sent the request, to be asked again right before it is written.
 * @throws what it says now
 */
export async function packageCheck(
  context: RouteContext,
  request: FastifyRequest,
  { name, level, power, decidesPublishing = false }: PackageNeed,
): Promise<Check> {
  const { accountIndex, clock, rights, packages, log } = context.registry;
  const token = tokenOf(context, request);
  await foundAfterKick(log, () => packages.package(name));
  const check: Check = () => {
    const right = rights.change(token.user, name, level);
    return (
      tokenRefusal(accountIndex.token(token.id), clock.nowMs()) ??
      useRefusal(token, { power, name }) ??
      (right instanceof EbpmError ? right : undefined)
    );
  };
  const refusal = check();
  if (refusal !== undefined) throw refusal;
  if (!decidesPublishing) return check;
  const code = await codeForPackage(context, request, name);
  return () => check() ?? code();
}
