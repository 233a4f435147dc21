import { existsSync } from 'node:fs';
import { MANIFEST_FILE } from '@ebpm/formats';

/** Whom a command is for, by its flags. */
export interface ForWhom {
  /** `--save`, `--no-save`. */
  readonly save: boolean | undefined;
  /** `--global`. */
  readonly global: boolean;
}

/** As npm's users expect it: where there is a project, what is installed is the project's. */
export function isForProject({ save, global }: ForWhom): boolean {
  return save ?? (!global && existsSync(MANIFEST_FILE));
}
