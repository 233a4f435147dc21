import { existsSync, readdirSync } from 'node:fs';
import { APPROVE_WORD } from './consent/approve-word.js';
import { DOWNLOAD_WORD } from './download-word.js';
import { invokingUser } from './invoking-user.js';
import { LOOK_WORD } from './look-word.js';
import { REFRESH_WORD } from './refresh-word.js';

/**
 * Commands that touch the kernel and so stay root under sudo. Everything else belongs to the user who typed it:
 * it reads what a registry answers and writes into that user's home.
 */
const PRIVILEGED: readonly (string | undefined)[] = ['run', 'check', 'doctor', 'ps', 'logs', 'stop', 'pause', 'resume'];

/** npm has `-v`, cargo `-V`: people type either. */
const VERSION: readonly (string | undefined)[] = ['--version', '-v', '-V'];

/** Runs one `ebpm` command line; ends by setting `process.exitCode`. */
export async function runCommandLine(words: readonly string[]): Promise<void> {
  // `ebpm help run` is what people type who know npm or cargo.
  const argv = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  await removeRemainsOfTheDead();
  const user = invokingUser(process.env);
  if (user !== undefined && !PRIVILEGED.includes(argv[0])) {
    const { runAsInvokingUser } = await import('./run-as-invoking-user.js');
    process.exitCode = await runAsInvokingUser(user, argv);
    return;
  }
  if (VERSION.includes(argv[0])) {
    const { versionLine } = await import('./version-line.js');
    process.stdout.write(`${versionLine()}\n`);
    return;
  }
  if (argv[0] === DOWNLOAD_WORD) {
    const { downloadEntry } = await import('./download-entry.js');
    return downloadEntry(argv.slice(1));
  }
  if (argv[0] === LOOK_WORD) {
    const { lookEntry } = await import('./look-entry.js');
    return lookEntry(argv.slice(1));
  }
  if (argv[0] === APPROVE_WORD) {
    const { approveEntry } = await import('./consent/approve-entry.js');
    return approveEntry();
  }
  if (argv[0] === REFRESH_WORD) {
    const { refreshEntry } = await import('./refresh-entry.js');
    return refreshEntry(argv.slice(1));
  }
  if (argv[0] === 'run') {
    const { runEntry } = await import('./run-entry.js');
    return runEntry(argv.slice(1));
  }
  if (argv[0] === 'check') {
    const { checkEntry } = await import('./check-entry.js');
    return checkEntry(argv.slice(1));
  }
  if (isPlainProject(argv)) {
    const { projectEntry } = await import('./project-entry.js');
    return projectEntry(argv);
  }
  const { allCommands } = await import('./all-commands.js');
  return allCommands(argv);
}

/** Whether a command line is `ebpm ci` or `ebpm install` of the project here, without a flag that oclif would have to take apart. */
function isPlainProject([command, ...flags]: readonly string[]): boolean {
  return (command === 'ci' || command === 'install') && flags.every((flag) => flag === '--offline');
}

/** What a run that was killed could not take back, since the kernel has no link for it; only root can. */
async function removeRemainsOfTheDead(): Promise<void> {
  if (process.geteuid?.() !== 0 || !existsSync(REMAINS_FOLDER) || readdirSync(REMAINS_FOLDER).length === 0) return;
  const { removeRemains } = await import('@ebpm/loader');
  for (const { kind } of removeRemains()) {
    process.stderr.write(
      `Removed what a run that was killed had left: ${kind === 'tc' ? 'a tc filter' : 'a struct_ops table'}\n`,
    );
  }
}

/** As @ebpm/loader has it, which is not loaded for every command. */
const REMAINS_FOLDER = '/run/ebpm/remains';
