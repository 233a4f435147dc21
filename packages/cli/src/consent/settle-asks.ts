import { allowingRule, approve, type JudgedObject, readApproval, TABLE_VERSIONS, unapproved } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { Ask, ConsentClass } from '@ebpm/object';
import type { Approved } from '@ebpm/schemas';
import type { Context } from '../context.js';
import { type AgreedBy, nameOf, type RunSubject, type RunToAgreeTo } from './agree-to-run.js';
import { controllingTerminal } from './ask-on-terminal.js';
import { keepApproval } from './keep-approval.js';
import { askLines, isYes, questionText } from './question.js';
import { trustedOwners } from './trusted-owners.js';

/**
 * By what each class is agreed to: a policy, the command line, the project's lockfile, or an earlier answer for these bytes; where nobody has, whoever sits at the
 * terminal is asked, and a yes is kept.
 *
 * @throws EBPM_PERMISSIONS_UNAPPROVED, EBPM_STORE_UNWRITABLE
 */
export async function settleAsks(
  context: Context,
  run: RunToAgreeTo,
  subject: RunSubject,
): Promise<ReadonlyMap<ConsentClass, AgreedBy>> {
  const { judged: needs, policies } = subject;
  const by = new Map<ConsentClass, AgreedBy>();
  const left = () => (Object.keys(needs.asks) as ConsentClass[]).filter((name) => !by.has(name));
  const take = (approvals: readonly Approved[], source: AgreedBy) => {
    const missing = unapproved(needs.asks, approvals);
    for (const name of left()) if (!missing.includes(name)) by.set(name, source);
  };
  for (const name of left()) {
    const rule = allowingRule(policies, subject, name);
    if (rule !== undefined) by.set(name, `policy ${rule.policy.path} ${rule.place}`);
    else if (run.allow.includes(name)) by.set(name, 'flag');
  }
  const trustsProjects = policies.every(({ trustProjects }) => trustProjects !== false);
  if (trustsProjects && run.input.approved !== undefined) take([run.input.approved], 'lockfile');
  if (left().length === 0) return by;
  const kept = await keptApproval(context, needs);
  if (kept !== undefined) take([kept], 'approval');
  const missing = left();
  if (missing.length === 0) return by;
  await askPerson(context, { run, subject, missing, kept });
  for (const name of missing) by.set(name, 'answer');
  return by;
}

async function keptApproval({ home, env, stderr }: Context, { object }: JudgedObject): Promise<Approved | undefined> {
  const { approval, problem } = await readApproval(home, object, trustedOwners(env));
  if (problem !== undefined) stderr.write(`${printable(problem)}\n`);
  return approval?.approved;
}

function isOlder({ table, facts }: Approved): boolean {
  return table < TABLE_VERSIONS.table || facts < TABLE_VERSIONS.facts;
}

interface Question {
  readonly run: RunToAgreeTo;
  readonly subject: RunSubject;
  readonly missing: readonly ConsentClass[];
  /** What was agreed to of the same bytes before. */
  readonly kept: Approved | undefined;
}

async function askPerson(context: Context, { run, subject, missing, kept }: Question): Promise<void> {
  const needs = subject.judged;
  const found = subject.asks ?? (await evidenceOf(run));
  const asks = found.filter((ask) => missing.includes(ask.class));
  // Who redirects stderr does not see what is asked.
  const terminal = context.stderr.isTTY === true ? controllingTerminal() : undefined;
  if (terminal === undefined) throw unapprovedError(run, { missing, asks }, 'nobody has agreed to what it may do');
  const name = nameOf(run);
  if (!isYes(terminal.ask(questionText(name, asks, kept !== undefined && isOlder(kept)))))
    throw unapprovedError(run, { missing, asks }, 'the answer was no');
  const approved = approve(needs.asks, { classes: missing, versions: TABLE_VERSIONS, before: kept });
  if (approved === undefined) return;
  await keepApproval(context, {
    approval: 1,
    object: needs.object,
    source: name.slice(0, MAX_SOURCE_LENGTH),
    approvedAt: new Date().toISOString(),
    approved,
  });
}

/** What the store and a kept judgement say has no evidence. */
async function evidenceOf({ pkg }: RunToAgreeTo): Promise<readonly Ask[]> {
  const { judgePackage } = await import('./judge-package.js');
  return judgePackage(pkg).asks;
}

/** Characters of the name that is kept with an answer, for people. */
const MAX_SOURCE_LENGTH = 1000;

function unapprovedError(
  run: RunToAgreeTo,
  { missing, asks }: Pick<Question, 'missing'> & { readonly asks: readonly Ask[] },
  reason: string,
): EbpmError {
  const { command = 'run' } = run;
  const action = command === 'run' ? 'run' : 'load';
  return new EbpmError('EBPM_PERMISSIONS_UNAPPROVED', `Cannot ${action} "${nameOf(run)}": ${reason}`, {
    hint: `If you agree, type: ebpm ${command} --allow=${missing.join(',')} ${run.spec}`,
    data: { classes: [...missing], log: askLines(asks) },
  });
}
