import type { Command } from '@oclif/core';

/** The commands that were loaded, by their ids: oclif imports this file to look for them. */
export const COMMANDS: Record<string, Command.Class> = {};
