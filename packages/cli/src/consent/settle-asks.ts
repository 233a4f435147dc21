import { allowingRule, approve, type JudgedObject, readApproval, TABLE_VERSIONS, unapproved } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { Ask, ConsentClass } from '@ebpm/object';
import type { Approved } from '@ebpm/schemas';
import type { Context } from '../context.js';
import { type AgreedBy, type AgreedPart, nameOf, type RunToAgreeTo } from './agree-to-run.js';
import { controllingTerminal } from './ask-on-terminal.js';
import { keepApproval } from './keep-approval.js';
import { askLines, isYes, questionText } from './question.js';
import { trustedOwners } from './trusted-owners.js';

/**
 * By what each class is agreed to: a policy, the command line, the project's lockfile, or an earlier answer for these bytes; where nobody has, whoever sits at the
 * terminal is asked, and a yes is kept. What several parts want is asked for at once.
 *
 * @param parts what is run first, then the tools that it can start
 * @returns of what is run
 * @throws EBPM_PERMISSIONS_UNAPPROVED, EBPM_STORE_UNWRITABLE
 */
export async function settleAsks(
  context: Context,
  parts: readonly AgreedPart[],
): Promise<ReadonlyMap<ConsentClass, AgreedBy>> {
  const settled: Settled[] = [];
  for (const part of parts) settled.push(await settle(context, part));
  const open = settled.filter(({ missing }) => missing.length > 0);
  const [own] = settled;
  if (own === undefined) return new Map();
  if (open.length > 0) await askPerson(context, own.run, open);
  return new Map([...own.by, ...own.missing.map((name) => [name, 'answer'] as const)]);
}

interface Settled extends AgreedPart {
  readonly by: ReadonlyMap<ConsentClass, AgreedBy>;
  readonly missing: readonly ConsentClass[];
  /** What was agreed to of the same bytes before. */
  readonly kept: Approved | undefined;
  /** Whether something was agreed to under older tables. */
  readonly isWider: boolean;
}

async function settle(context: Context, { run, subject }: AgreedPart): Promise<Settled> {
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
  const locked = trustsProjects ? run.input.approved : undefined;
  if (locked !== undefined) take([locked], 'lockfile');
  const kept = left().length === 0 ? undefined : await keptApproval(context, needs);
  if (kept !== undefined) take([kept], 'approval');
  const isWider = [locked, kept].some((approved) => approved !== undefined && isOlder(approved));
  return { run, subject, by, missing: left(), kept, isWider };
}

async function keptApproval({ home, env, stderr }: Context, { object }: JudgedObject): Promise<Approved | undefined> {
  const { approval, problem } = await readApproval(home, object, trustedOwners(env));
  if (problem !== undefined) stderr.write(`${printable(problem)}\n`);
  return approval?.approved;
}

function isOlder({ table, facts }: Approved): boolean {
  return table < TABLE_VERSIONS.table || facts < TABLE_VERSIONS.facts;
}

/** What is asked of a person: a part, and its classes with their evidence. */
interface Question extends Settled {
  readonly asks: readonly Ask[];
}

async function askPerson(context: Context, run: RunToAgreeTo, open: readonly Settled[]): Promise<void> {
  const questions = await Promise.all(open.map(withEvidence));
  // Who redirects stderr does not see what is asked.
  const terminal = context.stderr.isTTY === true ? controllingTerminal() : undefined;
  if (terminal === undefined)
    throw unapprovedError(run, questions, open.some(({ isWider }) => isWider) ? LESS : NOBODY);
  const text = questionText(
    questions.map((question) => ({
      name: nameOf(question.run),
      startedBy: question.run === run ? undefined : nameOf(run),
      asks: question.asks,
      isWider: question.isWider,
    })),
  );
  if (!isYes(terminal.ask(text))) throw unapprovedError(run, questions, 'the answer was no');
  for (const question of questions) await keepAnswer(context, question);
}

const NOBODY = 'nobody has agreed to what it may do';
const LESS = 'less was agreed to before than this version of ebpm finds in the same bytes';

async function withEvidence(settled: Settled): Promise<Question> {
  const found = settled.subject.asks ?? (await evidenceOf(settled.run));
  return { ...settled, asks: found.filter((ask) => settled.missing.includes(ask.class)) };
}

/** What the store and a kept judgement say has no evidence. */
async function evidenceOf({ pkg }: RunToAgreeTo): Promise<readonly Ask[]> {
  const { judgePackage } = await import('./judge-package.js');
  return judgePackage(pkg).asks;
}

async function keepAnswer(context: Context, { run, subject, missing, kept }: Question): Promise<void> {
  const { judged: needs } = subject;
  const approved = approve(needs.asks, { classes: missing, versions: TABLE_VERSIONS, before: kept });
  if (approved === undefined) return;
  await keepApproval(context, {
    approval: 1,
    object: needs.object,
    source: nameOf(run).slice(0, MAX_SOURCE_LENGTH),
    approvedAt: new Date().toISOString(),
    approved,
  });
}

/** Characters of the name that is kept with an answer, for people. */
const MAX_SOURCE_LENGTH = 1000;

function unapprovedError(run: RunToAgreeTo, questions: readonly Question[], reason: string): EbpmError {
  const { command = 'run' } = run;
  const action = command === 'run' ? 'run' : 'load';
  const classes = [...new Set(questions.flatMap(({ missing }) => missing))];
  const isTool = questions.some((question) => question.run !== run);
  const why = isTool && reason === NOBODY ? 'nobody has agreed to what it, and what it starts, may do' : reason;
  return new EbpmError('EBPM_PERMISSIONS_UNAPPROVED', `Cannot ${action} "${nameOf(run)}": ${why}`, {
    hint: `If you agree, type: ebpm ${command} --allow=${classes.join(',')} ${run.spec}`,
    data: { classes, log: questions.flatMap((question) => logOf(question, run)) },
  });
}

/** The evidence of a tool stands below its name. */
function logOf({ run: part, asks }: Question, run: RunToAgreeTo): readonly string[] {
  const lines = askLines(asks);
  if (part === run) return lines;
  return [printable(`${nameOf(part)}, which it starts:`), ...lines.map((line) => `  ${line}`)];
}
