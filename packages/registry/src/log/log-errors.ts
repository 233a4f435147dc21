import { EbpmError } from '@ebpm/formats';
import { LOG_LIMITS } from '../limits-log.js';
import type { LogName } from '../stores/keys.js';

/** Nobody knows whether an operation was written. */
export function unsettled(log: LogName, cause?: unknown): EbpmError {
  const message = `Cannot say whether the write to "${log}" happened: the store gave no word in time`;
  return new EbpmError('EBPM_REGISTRY_UNSETTLED', message, {
    cause,
    hint: 'Repeat it: what was written answers with success',
    data: { log },
  });
}

/** Too many wait already. */
export function busy(log: LogName): EbpmError {
  const message = `Cannot write to "${log}": ${LOG_LIMITS.queuedOps} writes wait already`;
  return new EbpmError('EBPM_LOG_BUSY', message, { hint: 'Repeat it in a few seconds', data: { log } });
}

/** This process reads, and does not come to the end. */
export function behind(log: LogName, seq: number): EbpmError {
  const message = `Cannot keep up with "${log}": it has been reading for more than 10 s and is at entry ${seq}`;
  return new EbpmError('EBPM_REGISTRY_BEHIND', message, {
    hint: 'Give it a nearer store or more CPU',
    data: { log, seq },
  });
}

/** The process is about to end. */
export function closing(log: LogName): EbpmError {
  return new EbpmError('EBPM_REGISTRY_CLOSING', `Cannot write to "${log}": the registry is shutting down`, {
    data: { log },
  });
}

/** The chain is broken, or the store holds another one than before. */
export function unsound(log: LogName, seq: number, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_LOG_UNSOUND', `Cannot go on with entry ${seq} of "${log}": ${reason}`, {
    cause,
    hint: 'Compare the store with a backup or another replica; this process writes nothing more',
    data: { log, seq },
  });
}

/** A newer registry has been at work. */
export function tooNew(log: LogName, seq: number, reason: string): EbpmError {
  return new EbpmError('EBPM_LOG_TOO_NEW', `Cannot go on with entry ${seq} of "${log}": ${reason}`, {
    hint: 'Install a newer ebpm-registry; until then this one serves what it has and writes nothing',
    data: { log, seq },
  });
}

/** This process failed, not the log. */
export function internal(log: LogName, action: string, cause: unknown): EbpmError {
  return new EbpmError('EBPM_INTERNAL', `Cannot ${action} "${log}": ${String(cause)}`, { cause, data: { log } });
}
