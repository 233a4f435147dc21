import { readFileSync } from 'node:fs';
import type { AuditLine } from '@ebpm/schemas';
import { kernelIds, startRun, threadsOf, until } from './processes.js';
import type { Request } from './request.js';

/** A run of sigsnoop that sees a few signals and is then ended. */
export async function endedBy(signal: NodeJS.Signals, { programIds, sigsnoop }: Request, flags: string[] = []) {
  const before = kernelIds(programIds);
  const { child, closed, text } = await startRun(['--json', ...flags, sigsnoop, '--filtered_pid', String(process.pid)]);
  const attached = kernelIds(programIds).filter((id) => !before.includes(id));
  const threads = threadsOf(child.pid);
  for (let round = 0; round < 5; round++) process.kill(process.pid, 0);
  await until(() => text.stdout.split('\n').length > 5);
  // Of these nobody can have read anything when the end comes.
  for (let round = 0; round < 5; round++) process.kill(process.pid, 0);
  const from = performance.now();
  child.kill(signal);
  const code = await closed;
  const endMs = performance.now() - from;
  const gone = await until(() => kernelIds(programIds).every((id) => !attached.includes(id)));
  // The one that ended it may be among them or not.
  const events = text.stdout.split('\n').filter((line) => line.includes('"sig":0')).length;
  const audit = auditOf(child.pid);
  return { code, endMs, threads, attached: attached.length, gone, events, stderr: text.stderr, audit };
}

/** What the log of the machine says of the last run of that number. */
function auditOf(pid: number): readonly AuditLine[] {
  const lines = readFileSync('/var/log/ebpm/audit.ndjson', 'utf8').trimEnd().split('\n').slice(-100);
  const mine = lines.map((line): AuditLine => JSON.parse(line)).filter((line) => line.pid === pid);
  return mine.slice(mine.findLastIndex(({ event }) => event === 'load'));
}
