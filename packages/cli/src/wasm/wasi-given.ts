import { closeSync, constants, openSync } from 'node:fs';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { type GrantedFolder, type WasiGrants, wasiGrants } from '@ebpm/wasm';
import type { Context } from '../context.js';
import type { RunRequest } from '../run-here.js';
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
    for (const { path } of grants.folders) descriptors.push(openFolder(path));
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

function openFolder(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_FILE_UNREADABLE', `Cannot give the folder "${path}" to the module: ${reason}`, { cause });
  }
}
