import type { Digest } from '@ebpm/formats';
import { CONSENT, type ConsentClass } from '@ebpm/object';
import type { PolicyRule } from '@ebpm/schemas';
import type { JudgedObject } from './kept-judgement.js';
import type { Policy } from './policy-file.js';

/** What policies are about. A file, an address or stdin has neither name nor publisher nor registry. */
export interface PolicySubject {
  readonly name?: string | undefined;
  readonly publisher?: string | undefined;
  readonly registry?: string | undefined;
  /** The id of the key that its publisher has signed it with. */
  readonly key?: string | undefined;
  /** How old the last list of revocations of its registry is, in milliseconds; undefined where there is none. */
  readonly revocationsAgeMs?: number | undefined;
  /** Of the package, of the file that runs, and of the object in it. */
  readonly digests: readonly Digest[];
  readonly judged: JudgedObject;
}

/** A rule that decides, and where it stands: `deny[0]`, or the key of the policy that decides. */
export interface DecidingRule {
  readonly policy: Policy;
  readonly place: string;
  readonly rule?: PolicyRule;
}

/** The rule by which something may not run: the machine's before the project's. Undefined where there is none. */
export function denyingRule(policies: readonly Policy[], subject: PolicySubject): DecidingRule | undefined {
  for (const policy of inOrder(policies)) {
    const { deny = [], allow = [] } = policy;
    const at = deny.findIndex((rule) => isAbout(rule, subject) && hasOne(rule, subject));
    const rule = deny[at];
    if (rule !== undefined) return { policy, place: `deny[${at}]`, rule };
    if (policy.default === 'deny' && !allow.some((one) => isAbout(one, subject))) return { policy, place: 'default' };
    if (lacksSignature(policy, subject)) return { policy, place: 'signatures' };
    if (isOutdated(policy, subject)) return { policy, place: 'revocationsWithinHours' };
  }
  return undefined;
}

/**
 * The rule by which a class is agreed to without a question. For what every new digest is asked for, only a rule counts that names the digest: one about a
 * name or a publisher would agree to whatever is published next.
 */
export function allowingRule(
  policies: readonly Policy[],
  subject: PolicySubject,
  name: ConsentClass,
): DecidingRule | undefined {
  const system = policies.find(({ isSystem }) => isSystem);
  const trusted = policies.filter(({ isSystem }) => isSystem || system?.trustProjects !== false);
  for (const policy of inOrder(trusted)) {
    const { allow = [] } = policy;
    const at = allow.findIndex((rule) => {
      const isEnough = CONSENT[name] === 'once' || rule.digests !== undefined;
      return isEnough && isAbout(rule, subject) && (rule.permissions ?? [name]).includes(name);
    });
    const rule = allow[at];
    if (rule !== undefined) return { policy, place: `allow[${at}]`, rule };
  }
  return undefined;
}

/** A digest that somebody has written down stands for itself. */
function lacksSignature({ signatures, allow = [] }: Policy, subject: PolicySubject): boolean {
  if (signatures !== 'required' || subject.key !== undefined) return false;
  return !allow.some((rule) => rule.digests !== undefined && isAbout(rule, subject));
}

/** What was installed from no registry, no registry revokes. */
function isOutdated({ revocationsWithinHours: hours }: Policy, { registry, revocationsAgeMs }: PolicySubject): boolean {
  if (hours === undefined || registry === undefined) return false;
  return revocationsAgeMs === undefined || revocationsAgeMs > hours * HOUR_MS;
}

const HOUR_MS = 3_600_000;

function inOrder(policies: readonly Policy[]): readonly Policy[] {
  return [...policies].sort((a, b) => Number(b.isSystem) - Number(a.isSystem));
}

/** Whether every list of a rule but that of permissions has something of the package. */
function isAbout({ publishers, names, registries, keys, digests }: PolicyRule, subject: PolicySubject): boolean {
  const { publisher, name, registry, key } = subject;
  if (publishers !== undefined && (publisher === undefined || !publishers.includes(publisher))) return false;
  if (names !== undefined && (name === undefined || !names.some((pattern) => matches(pattern, name)))) return false;
  if (registries !== undefined && (registry === undefined || !registries.includes(registry))) return false;
  if (keys !== undefined && (key === undefined || !keys.includes(key))) return false;
  return digests === undefined || subject.digests.some((digest) => digests.includes(digest));
}

function hasOne({ permissions }: PolicyRule, { judged: { classes, asks } }: PolicySubject): boolean {
  if (permissions === undefined) return true;
  const has: ReadonlySet<string> = new Set([...classes, ...Object.keys(asks)]);
  return permissions.some((name) => has.has(name));
}

/** A name and a pattern in which * stands for any text, found from left to right: it takes no longer than both are long. */
function matches(pattern: string, name: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return pattern === name;
  if (!name.startsWith(start)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - end.length >= at && name.endsWith(end);
}
