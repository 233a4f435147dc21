import { join } from 'node:path';
import type { Context } from '../context.js';

/** Where the audit log of a process lies. */
export interface AuditPlace {
  readonly folder: string;
  /** Whether nobody but root may have made the folder. */
  readonly isSystem: boolean;
}

/** Root's log, whoever is behind sudo, lies where the machine's logs do; another user's in his home. */
export function auditPlace({ home }: Pick<Context, 'home'>): AuditPlace {
  return process.geteuid?.() === 0 ? { folder: SYSTEM_FOLDER, isSystem: true } : { folder: home, isSystem: false };
}

/** The file in it that is written now. */
export function auditFile({ folder }: AuditPlace): string {
  return join(folder, 'audit.ndjson');
}

const SYSTEM_FOLDER = '/var/log/ebpm';
