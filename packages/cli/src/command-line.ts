import { DOWNLOAD_WORD } from './download-word.js';
import { invokingUser } from './invoking-user.js';

/**
 * Commands that touch the kernel and so stay root under sudo. Everything else belongs to the user who typed it:
 * it reads what a registry answers and writes into that user's home.
 */
const PRIVILEGED: readonly (string | undefined)[] = ['run', 'check'];

/** Runs one `ebpm` command line; ends by setting `process.exitCode`. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const user = invokingUser(process.env);
  if (user !== undefined && !PRIVILEGED.includes(argv[0])) {
    const { runAsInvokingUser } = await import('./run-as-invoking-user.js');
    process.exitCode = await runAsInvokingUser(user, argv);
    return;
  }
  if (argv[0] === '--version' || argv[0] === '-V') {
    const { versionLine } = await import('./version-line.js');
    process.stdout.write(`${versionLine()}\n`);
    return;
  }
  if (argv[0] === DOWNLOAD_WORD) {
    const { downloadEntry } = await import('./download-entry.js');
    return downloadEntry(argv.slice(1));
  }
  if (argv[0] === 'run') {
    const { runEntry } = await import('./run-entry.js');
    return runEntry(argv.slice(1));
  }
  const { allCommands } = await import('./all-commands.js');
  return allCommands(argv);
}
