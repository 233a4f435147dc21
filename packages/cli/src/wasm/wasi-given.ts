import { closeSync, constants, openSync } from 'node:fs';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { type GrantedFolder, type WasiGrants, wasiGrants } from '@ebpm/wasm';
import { actAs } from '../act-as.js';
import type { Context } from '../context.js';
import type { RunRequest } from '../run-here.js';
import { folderUser, type RunUser } from '../run-user.js';
import { wasiWishes } from './wasi-wishes.js';

/** What a guest is given of WASI, its folders opened. */
export interface WasiGiven {
  readonly env: Readonly<Record<string, string>>;
  readonly folders: readonly GrantedFolder[];
  /** Of the folders, in their order. */
  readonly descriptors: readonly number[];
  close(): void;
}

/**
 * Gives a guest what its package asks for and `--allow` allows; says on stderr, in a line, what it asks for and does not get.
 *
 * @throws EBPM_FILE_UNREADABLE and what reading its ebpm.json fails with
 */
export async function giveWasi(context: Context, { input, wasiAllow }: RunRequest): Promise<WasiGiven> {
  const grants = wasiGrants(await wasiWishes(context, input), wasiAllow, process.cwd());
  context.stderr.write(withheldText(grants));
  const values = grants.env.flatMap((name) => {
    const value = context.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const descriptors: number[] = [];
  const close = () => {
    for (const fd of descriptors.splice(0)) closeSync(fd);
  };
  try {
    const user = folderUser(context.env);
    for (const { path } of grants.folders) descriptors.push(openFolder(path, user));
  } catch (error) {
    close();
    throw error;
  }
  return { env: Object.fromEntries(values), folders: grants.folders, descriptors, close };
}

/** What to type for what is not given, and what was typed for nothing; empty where all is as it was meant. */
export function withheldText({ withheld, unasked }: Pick<WasiGrants, 'withheld' | 'unasked'>): string {
  const lines = [
    ...(withheld.length === 0
      ? []
      : [`Not given to the module, which asks for it: --allow=${withheld.join(',')} gives it`]),
    ...(unasked.length === 0 ? [] : [`Not given to the module, which does not ask for it: ${unasked.join(', ')}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** Every path below it is the guest's own to open, who is that user; so is this one. */
function openFolder(path: string, user: RunUser | undefined): number {
  try {
    return actAs(user, () => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK));
  } catch (cause) {
    const who = user === undefined ? '' : ` as user "${user.name}"`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_FILE_UNREADABLE', `Cannot give the folder "${path}" to the module${who}: ${reason}`, {
      ...(isDenied(cause) &&
        user !== undefined && { hint: `It gets what "${user.name}" could open: see who may enter it` }),
      cause,
    });
  }
}

function isDenied(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EACCES';
}
