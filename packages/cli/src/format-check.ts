import { printable } from '@ebpm/events';
import type { CheckResult, Finding } from '@ebpm/runner';

/** What `check` found of one kernel. */
export interface CheckedKernel extends CheckResult {
  readonly name: string;
}

const MARKS: Readonly<Record<Finding['outcome'], string>> = {
  ok: 'yes',
  missing: 'NO',
  unknown: '?',
  warning: '!',
};

const VERIFIER = 'The verifier was not asked: --load does that';

/** What was found of this machine, a line each, and the verdict. */
export function formatCheck({ verdict, findings }: CheckResult): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  // A load that was asked for has a finding, also where it failed before the verifier's turn.
  const wantsLoad = findings.some(({ code }) => code === 'load');
  const rows = findings.flatMap((finding) => findingLines(finding, width));
  return lines([...rows, ...(wantsLoad ? [] : [VERIFIER]), verdict]);
}

/** What was found of several kernels, a column each; below, what is not there or not known. */
export function formatKernels(kernels: readonly CheckedKernel[]): string {
  const subjects = [...new Set(kernels.flatMap(({ findings }) => findings.map(({ subject }) => subject)))];
  const header = ['', ...kernels.map(({ name }) => name)];
  const rows = subjects.map((subject) => [subject, ...kernels.map(({ findings }) => markOf(findings, subject))]);
  const verdicts = ['', ...kernels.map(({ verdict }) => verdict)];
  const reasons = kernels.flatMap(({ name, findings }) => {
    const open = findings.filter(({ outcome }) => outcome !== 'ok');
    const width = Math.max(...open.map(({ subject }) => subject.length));
    return open.length === 0 ? [] : ['', `${name}:`, ...open.flatMap((finding) => findingLines(finding, width))];
  });
  return lines([...aligned([header, ...rows, verdicts]), ...reasons, '', VERIFIER]);
}

function findingLines(
  { subject, outcome, certainty, reason, cure, log = [] }: Finding,
  width: number,
): readonly string[] {
  return [
    `${MARKS[outcome].padEnd(4)}${subject.padEnd(width)}  ${reason} (${certainty})`,
    ...log.map((line) => `    ${' '.repeat(width)}  | ${line}`),
    ...(cure?.split('\n') ?? []).map((line) => `    ${' '.repeat(width)}  ${line}`),
  ];
}

/** The worst of what was found about a subject. */
function markOf(findings: readonly Finding[], subject: string): string {
  const outcomes = findings.filter((finding) => finding.subject === subject).map(({ outcome }) => outcome);
  const worst = (['missing', 'unknown', 'warning', 'ok'] as const).find((outcome) => outcomes.includes(outcome));
  return worst === undefined ? '' : MARKS[worst];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${printable(text).trimEnd()}\n`).join('');
}
