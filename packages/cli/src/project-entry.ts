import { createContext } from './context.js';
import { readPackageJson } from './package-json.js';
import { installByLockfile, installProject, projectSentences } from './project-install.js';

/** `ebpm ci` and `ebpm install` of the project here, with no flag but `--offline`. Loading oclif takes as long as putting a hundred packages back. */
export async function projectEntry([command, ...flags]: readonly string[]): Promise<void> {
  const context = createContext(process.env);
  try {
    const asked = flags.length > 0 ? { ...context, isOffline: true } : context;
    const options = { folder: process.cwd(), flag: undefined, ebpmVersion: readPackageJson().version };
    const done = await (command === 'ci' ? installByLockfile : installProject)(asked, options);
    // At once: a pipe or a file takes each write by a system call of its own.
    context.stdout.write(`${projectSentences(done).join('\n')}\n`);
  } catch (error) {
    const { exitCodeOf, formatError, toEbpmError } = await import('./error-output.js');
    const failure = toEbpmError(error);
    process.exitCode = exitCodeOf(failure);
    context.stderr.write(formatError(failure));
  }
}
