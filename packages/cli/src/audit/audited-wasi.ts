import type { AuditLine } from '@ebpm/schemas';
import { AUDIT_MAX_GRANTS } from '../limits.js';
import type { WasiGiven } from '../wasm/wasi-given.js';

/** What a line of the audit log says of what a module was given: not the values of variables, which may be secret. */
export function auditedWasi({ env, folders }: Pick<WasiGiven, 'env' | 'folders'>): NonNullable<AuditLine['wasi']> {
  return {
    env: Object.keys(env).slice(0, AUDIT_MAX_GRANTS),
    dirs: folders.slice(0, AUDIT_MAX_GRANTS).map(({ path, guestPath, writable }) => {
      return { path, guest: guestPath, access: writable ? 'write' : 'read' };
    }),
  };
}
