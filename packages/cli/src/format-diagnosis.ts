import { printable } from '@ebpm/events';
import type { Diagnosis, Symptom } from '@ebpm/runner';

const MARKS: Readonly<Record<Symptom['outcome'], string>> = { ok: 'yes', missing: 'NO', unknown: '?' };

/** What was found of a machine, a line each, with the cure below, and what comes of it. */
export function formatDiagnosis({ condition, kernel, symptoms }: Diagnosis): string {
  const width = Math.max(...symptoms.map(({ subject }) => subject.length));
  const rows = symptoms.flatMap(({ subject, outcome, neededBy, found, cure }) => [
    `${MARKS[outcome].padEnd(4)}${subject.padEnd(width)}  ${found}${neededBy === 'authors' ? ' (for authors)' : ''}`,
    ...(cure === undefined ? [] : [`    ${' '.repeat(width)}  ${cure}`]),
  ]);
  return [`Linux ${kernel}`, ...rows, condition].map((text) => `${printable(text)}\n`).join('');
}
