import { LookWriter } from '@ebpm/client';
import { createContext } from './context.js';
import { errorJson, exitCodeOf, toEbpmError } from './error-output.js';
import { installForUser } from './install-for-user.js';
import { lookByLockfile } from './look-by-lockfile.js';
import { BY_LOCKFILE } from './look-word.js';
import { parseNamedSpec } from './named-spec.js';
import { readPackageJson } from './package-json.js';

/**
 * Downloads and checks a version of a package for `lookInChild`, with all that it needs, as `ebpm install` does, or `ebpm ci` by the lockfile here, and installs nothing. What would stand in their records
 * goes to stdout, that version's first, or the error as JSON.
 */
export async function lookEntry([text = '', how]: readonly string[]): Promise<void> {
  const context = createContext(process.env);
  const { home, stdout } = context;
  const writer = new LookWriter(home);
  try {
    const spec = parseNamedSpec(text);
    const options = { ebpmVersion: readPackageJson().version, writer };
    const installed =
      how === BY_LOCKFILE
        ? await lookByLockfile(context, spec.name, options)
        : (await installForUser(context, spec, options)).installed;
    stdout.write(JSON.stringify({ looked: [installed, ...writer.versions] }));
  } catch (error) {
    const failure = toEbpmError(error);
    stdout.write(JSON.stringify({ error: errorJson(failure) }));
    process.exitCode = exitCodeOf(failure);
  }
}
