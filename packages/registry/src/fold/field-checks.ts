import { EbpmError, parseVersion } from '@ebpm/formats';
import { ENTRY_LIMITS } from '../limits-log.js';

/** Whether the value is a version by semver, without "v". */
export function isVersion(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    parseVersion(value);
    return true;
  } catch (error) {
    if (error instanceof EbpmError) return false;
    throw error;
  }
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether the value is a text that people write into an operation: a reason, a message. It may be empty. */
export function isReason(value: unknown): value is string {
  return typeof value === 'string' && value.length <= ENTRY_LIMITS.reasonLength;
}
