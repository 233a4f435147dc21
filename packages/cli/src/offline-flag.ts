import { Flags } from '@oclif/core';
import type { Context } from './context.js';

/** `--offline`, as every command that may have to download something has it. */
export const offlineFlag = Flags.boolean({
  description: 'use no network: only what is in the store (also EBPM_OFFLINE=1)',
});

/** The context of a command with that flag. */
export function contextWith(context: Context, { offline }: { readonly offline: boolean }): Context {
  return offline ? { ...context, isOffline: true } : context;
}
