import { EbpmError, JsonTextError, parseJsonText } from '@ebpm/formats';
import { isConsentClass, isPermissionClass } from '@ebpm/object';
import { type PolicyFile, type PolicyRule, policyFileKind, validate } from '@ebpm/schemas';
import { MAX_POLICY_BYTES } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { registryUrl } from '../registry-url.js';
import { refuseWrittenByOthers } from '../safe-file.js';

/** A policy, and where it was read. */
export interface Policy extends PolicyFile {
  readonly path: string;
  /** Whether it is the machine's own, which a project's cannot loosen. */
  readonly isSystem: boolean;
}

/** Where a policy is looked for. */
export interface PolicyPlace {
  readonly path: string;
  readonly isSystem: boolean;
  /** Users of whom one must own the file. */
  readonly owners: readonly number[];
}

/**
 * Reads a policy; undefined where there is none. One that cannot be used is not passed over: it may have denied something.
 *
 * @throws EBPM_POLICY_UNUSABLE
 */
export async function readPolicy({ path, isSystem, owners }: PolicyPlace): Promise<Policy | undefined> {
  // Groups that work on a project share its files.
  const others = isSystem ? 0o022 : 0o002;
  let isRead = false;
  try {
    const bytes = await readRegularFile(path, MAX_POLICY_BYTES, (stat) => refuseWrittenByOthers(stat, owners, others));
    isRead = true;
    return bytes === undefined ? undefined : { ...parse(bytes, isSystem), path, isSystem };
  } catch (cause) {
    const reason = cause instanceof JsonTextError ? `it is not JSON: ${cause.message}` : messageOf(cause);
    throw new EbpmError('EBPM_POLICY_UNUSABLE', `Cannot use the policy "${path}": ${reason}`, {
      cause,
      hint: `Nothing runs until it is in order; ${isRead ? FORM : `see what it is: ls -l ${path}`}`,
      data: { file: path },
    });
  }
}

const FORM = 'the form is in docs/permissions.md, and ebpm inspect shows digests and classes as they are written there';

function parse(bytes: Uint8Array, isSystem: boolean): PolicyFile {
  const checked = validate(policyFileKind, parseJsonText(bytes, { uniqueKeys: true }));
  if (!checked.ok) {
    const [problem = { path: '', message: 'is no policy' }] = checked.problems;
    throw new Error(`${problem.path === '' ? 'it' : problem.path} ${problem.message}`);
  }
  const { allow = [], deny = [], trustProjects, audit } = checked.value;
  if (!isSystem && (trustProjects !== undefined || audit !== undefined)) {
    throw new Error('"trustProjects" and "audit" are for /etc/ebpm/policy.json');
  }
  const empty = [...allow, ...deny].find(({ reason: _reason, ...lists }) => Object.keys(lists).length === 0);
  if (empty !== undefined) throw new Error('a rule in it does not say what it is about');
  const named = (rules: typeof allow) => rules.flatMap(({ permissions = [] }) => permissions);
  const unknown = [
    ...named(allow).filter((name) => !isConsentClass(name)),
    ...named(deny).filter((name) => !isConsentClass(name) && !isPermissionClass(name)),
  ];
  if (unknown.length > 0) throw new Error(`"${unknown[0]}" is no class of permissions that it could name there`);
  return { ...checked.value, allow: allow.map(withUrls), deny: deny.map(withUrls) };
}

/** Addresses in the form in which installed packages have them. @throws EBPM_REGISTRY_URL_INVALID */
function withUrls({ registries, ...rule }: PolicyRule): PolicyRule {
  return registries === undefined ? rule : { ...rule, registries: registries.map(registryUrl) };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
