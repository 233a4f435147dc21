import { printable } from '@ebpm/events';
import type { EbpmError } from '@ebpm/formats';
import type { RunToAgreeTo } from '../consent/agree-to-run.js';
import type { Context } from '../context.js';
import { openAuditFile } from './audit-file.js';
import { auditLine, auditUnwritable, whatRuns } from './audit-line.js';
import { auditPlace } from './audit-place.js';

/** Writes down that nothing was loaded, and why. What keeps it from being written is a warning: the refusal itself stands. */
export function auditRefusal(
  context: Context,
  run: RunToAgreeTo,
  { code, data }: EbpmError,
  place = auditPlace(context),
): void {
  const { file, rule } = data ?? {};
  const by = typeof file === 'string' ? { rule: `${file} ${typeof rule === 'string' ? rule : ''}`.trim() } : {};
  try {
    const log = openAuditFile(place);
    log.append(auditLine('refuse', { ...whatRuns(context, run), code, ...by }));
    log.close();
  } catch (cause) {
    context.stderr.write(`${printable(`warning: ${auditUnwritable(place, cause).message}`)}\n`);
  }
}
