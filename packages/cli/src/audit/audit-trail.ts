import { printable } from '@ebpm/events';
import type { EbpmError } from '@ebpm/formats';
import type { Agreement, RunToAgreeTo } from '../consent/agree-to-run.js';
import type { Context } from '../context.js';
import { AUDIT_MAX_PROGRAMS } from '../limits.js';
import { type AuditFile, openAuditFile } from './audit-file.js';
import { type AuditFacts, auditLine, auditUnwritable, whatRuns } from './audit-line.js';
import { type AuditPlace, auditPlace } from './audit-place.js';

/** The lines of one run in the audit log. */
export class AuditTrail {
  readonly #context: Context;
  readonly #place: AuditPlace;
  readonly #facts: AuditFacts;
  readonly #isRequired: boolean;
  #file: AuditFile | undefined;

  /** @param place for tests, which are not to write into the machine's log */
  constructor(context: Context, run: RunToAgreeTo, { subject, by }: Agreement, place = auditPlace(context)) {
    this.#context = context;
    this.#place = place;
    this.#isRequired = subject.policies.some(({ audit }) => audit === 'required');
    this.#facts = {
      ...whatRuns(context, run),
      object: subject.judged.object,
      classes: [...subject.judged.classes],
      agreed: Object.fromEntries(by),
      programs: run.pkg.programs.slice(0, AUDIT_MAX_PROGRAMS),
    };
  }

  /**
   * Everything is in the kernel, and is about to be attached. The log stays open: at the end there may be no right to open it.
   *
   * @param more what is known of it only now
   * @throws EBPM_AUDIT_UNWRITABLE where the machine's policy requires the line
   */
  loaded(more: Pick<AuditFacts, 'programs' | 'wasi'> = {}): void {
    try {
      this.#file ??= openAuditFile(this.#place);
      this.#file.append(auditLine('load', { ...this.#facts, ...more }));
    } catch (cause) {
      const failure = auditUnwritable(this.#place, cause);
      if (this.#isRequired) throw failure;
      this.#warn(failure);
    }
  }

  /** How a run that was loaded ended. */
  ended(ending: string): void {
    if (this.#file === undefined) return;
    try {
      this.#file.append(auditLine('end', { id: this.#facts.id, ending }));
    } catch (cause) {
      this.#warn(auditUnwritable(this.#place, cause));
    }
    this.#file.close();
    this.#file = undefined;
  }

  #warn({ message }: EbpmError): void {
    this.#context.stderr.write(`${printable(`warning: ${message}`)}\n`);
  }
}
