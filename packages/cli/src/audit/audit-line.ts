import { randomBytes } from 'node:crypto';
import { digestOf, EbpmError } from '@ebpm/formats';
import type { AuditLine } from '@ebpm/schemas';
import type { RunToAgreeTo } from '../consent/agree-to-run.js';
import type { Context } from '../context.js';
import { invokingUser } from '../invoking-user.js';
import { type AuditPlace, auditFile } from './audit-place.js';

/** What is known of a run, whoever asks. */
export type AuditFacts = Omit<AuditLine, 'audit' | 'event' | 'time' | 'pid' | 'uid'>;

/** A line of the audit log, without its end. */
export function auditLine(event: AuditLine['event'], { id, ...facts }: AuditFacts): string {
  const uid = process.geteuid?.() ?? 0;
  const line: AuditLine = { audit: 1, event, id, time: timeText(new Date()), pid: process.pid, uid, ...facts };
  return JSON.stringify(line);
}

/** RFC 3339 in UTC. The first `toISOString` of a process takes 1 ms, as long as all the rest of a line. */
export function timeText(time: Date): string {
  const day = [time.getUTCFullYear(), padded(time.getUTCMonth() + 1), padded(time.getUTCDate())];
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map((part) => padded(part));
  return `${day.join('-')}T${clock.join(':')}.${padded(time.getUTCMilliseconds(), 3)}Z`;
}

function padded(part: number, width = 2): string {
  return String(part).padStart(width, '0');
}

/** What is to be run, and for whom. Arguments of the program are left out: they may be secret. */
export function whatRuns({ env }: Context, { input }: RunToAgreeTo): AuditFacts {
  const { installed, source, bytes } = input;
  const sudoUid = invokingUser(env)?.uid;
  return {
    id: randomBytes(8).toString('hex'),
    ...(sudoUid !== undefined && { sudoUid }),
    source: withoutSecrets(source).slice(0, MAX_SOURCE_LENGTH),
    ...(installed !== undefined && {
      name: installed.name,
      version: installed.version,
      registry: installed.registry,
      package: installed.digest,
    }),
    entry: installed?.entry?.digest ?? digestOf(bytes),
  };
}

/** Characters of a path or address. */
const MAX_SOURCE_LENGTH = 4096;

/** An address may have a token behind its path, or a password before its host. */
function withoutSecrets(source: string): string {
  if (!/^https?:/i.test(source) || !URL.canParse(source)) return source;
  const { origin, pathname } = new URL(source);
  return `${origin}${pathname}`;
}

/** Why the log cannot be written; an error with EBPM_AUDIT_UNWRITABLE. */
export function auditUnwritable(place: AuditPlace, cause: unknown): EbpmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EbpmError('EBPM_AUDIT_UNWRITABLE', `Cannot write the audit log "${auditFile(place)}": ${reason}`, {
    cause,
    hint: 'Make room, or see who may write there; the policy of this machine wants every run in it',
  });
}
