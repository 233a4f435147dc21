import type { Policy, PolicySubject } from '@ebpm/client';
import { knownRevocations } from '@ebpm/client/revocations';
import { digestOf, EbpmError, publisherKeyId } from '@ebpm/formats';
import type { Ask, ConsentClass } from '@ebpm/object';
import type { Context } from '../context.js';
import type { PackageInput } from '../package-source.js';
import type { Judgeable } from './judgeable.js';
import { policiesHere } from './policies-here.js';
import { JUDGE_NOW, runNeeds } from './run-needs.js';

/** What is to be run, or only loaded, and what was said of it on the command line. */
export interface RunToAgreeTo {
  readonly input: PackageInput;
  readonly pkg: Judgeable;
  /** As it was typed, for what to type instead. */
  readonly spec: string;
  /** What `--allow` names. */
  readonly allow: readonly ConsentClass[];
  /** What is done with it, as it is typed. Default: run. */
  readonly command?: 'run' | 'check --load';
  /** The tools that it can start, which are agreed to together with it. Default: none. */
  readonly tools?: readonly AgreedTool[];
}

/** A tool that a package can start. */
export type AgreedTool = Pick<RunToAgreeTo, 'input' | 'pkg'>;

/** By what a class was agreed to: `policy FILE allow[0]` names the rule. */
export type AgreedBy = 'flag' | 'lockfile' | 'approval' | 'answer' | `policy ${string}`;

/** What a package is, to policies and to whoever is asked. */
export interface RunSubject extends PolicySubject {
  readonly policies: readonly Policy[];
  /** What has to be agreed to, with the evidence, where that was found out just now. */
  readonly asks?: readonly Ask[] | undefined;
}

/** That a package may be loaded, and why. */
export interface Agreement {
  /** Whether what it may do was found out just now. */
  readonly isNew: boolean;
  readonly subject: RunSubject;
  readonly by: ReadonlyMap<ConsentClass, AgreedBy>;
}

/**
 * Whether somebody has agreed to what a package, and the tools that it can start, may do; that nobody has is written into the audit log. Where nothing has to be agreed to, what asks and answers is not even loaded.
 *
 * @throws EBPM_POLICY_DENIES, EBPM_POLICY_UNUSABLE, EBPM_PERMISSIONS_UNAPPROVED, EBPM_STORE_UNWRITABLE
 */
export async function agreeToRun(context: Context, run: RunToAgreeTo): Promise<Agreement> {
  try {
    return await agree(context, run);
  } catch (error) {
    if (error instanceof EbpmError && REFUSALS.has(error.code)) {
      const { auditRefusal } = await import('../audit/audit-refusal.js');
      auditRefusal(context, run, error);
    }
    throw error;
  }
}

/** What is written down: somebody wanted to run something and was not let. */
const REFUSALS: ReadonlySet<string> = new Set([
  'EBPM_PERMISSIONS_UNAPPROVED',
  'EBPM_POLICY_DENIES',
  'EBPM_POLICY_UNUSABLE',
]);

async function agree(context: Context, run: RunToAgreeTo): Promise<Agreement> {
  const policies = await policiesHere(context.env);
  // The store is the user's, and the machine's policy is to hold for him, too.
  const kept = policies.some(({ isSystem }) => isSystem) ? JUDGE_NOW : run.input.installed?.permissions;
  const { isNew, ...needs } = await runNeeds(context, run.pkg, kept);
  const subject = await subjectOf(context, run, { ...needs, policies });
  const parts = [{ run, subject }, ...(await toolParts(context, run, policies))];
  if (policies.length > 0) {
    const { refuseDenied } = await import('./refuse-denied.js');
    for (const part of parts) refuseDenied(policies, part.subject, quotedName(part.run, run));
  }
  if (parts.every((part) => Object.keys(part.subject.judged.asks).length === 0))
    return { isNew, subject, by: new Map() };
  const { settleAsks } = await import('./settle-asks.js');
  return { isNew, subject, by: await settleAsks(context, parts) };
}

/** Something that is to be loaded, itself or by what it starts. */
export interface AgreedPart {
  readonly run: RunToAgreeTo;
  readonly subject: RunSubject;
}

async function toolParts(
  context: Context,
  run: RunToAgreeTo,
  policies: readonly Policy[],
): Promise<readonly AgreedPart[]> {
  const parts: AgreedPart[] = [];
  for (const { input, pkg } of run.tools ?? []) {
    const kept = policies.some(({ isSystem }) => isSystem) ? JUDGE_NOW : input.installed?.permissions;
    const needs = await runNeeds(context, pkg, kept);
    const tool = { ...run, input, pkg, tools: [] };
    parts.push({ run: tool, subject: await subjectOf(context, tool, { ...needs, policies }) });
  }
  return parts;
}

/** `"app@1.0.0"`, or `"tool@1.0.0", which "app@1.0.0" starts`. */
export function quotedName(part: RunToAgreeTo, run: RunToAgreeTo): string {
  return part === run ? `"${nameOf(run)}"` : `"${nameOf(part)}", which "${nameOf(run)}" starts`;
}

/** What a person calls it. */
export function nameOf({ input: { installed, source } }: RunToAgreeTo): string {
  return installed === undefined ? source : `${installed.name}@${installed.version}`;
}

async function subjectOf(
  { home }: Context,
  { input }: RunToAgreeTo,
  needs: Pick<RunSubject, 'judged' | 'asks' | 'policies'>,
): Promise<RunSubject> {
  const { installed, bytes } = input;
  if (installed === undefined) return { ...needs, digests: [digestOf(bytes), needs.judged.object] };
  const { name, publisher, registry, digest, entry, signature } = installed;
  const isAgeAsked = needs.policies.some(({ revocationsWithinHours }) => revocationsWithinHours !== undefined);
  return {
    ...needs,
    name,
    publisher,
    registry,
    key: signature && publisherKeyId(signature.key),
    revocationsAgeMs: isAgeAsked ? await revocationsAge(home, registry) : undefined,
    digests: [digest, entry?.digest ?? digestOf(bytes), needs.judged.object],
  };
}

async function revocationsAge(home: string, registry: string): Promise<number | undefined> {
  const known = await knownRevocations(home, registry);
  return known?.list && Date.now() - Date.parse(known.list.time);
}
