import { EbpmError, isVersion } from '@ebpm/formats';
import { type ChildEnd, childAnswer, childError, runChild, userCommand } from './child-command.js';
import type { Context } from './context.js';
import { invokingUser } from './invoking-user.js';

/** Bytes of the child's answer that are read: an error's message and data are far smaller. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Installs a package in a process of its own, under sudo one of the invoking user: what runs packages talks to no
 * registry and writes into no store. Its progress goes to stderr.
 *
 * @returns the number of the version
 * @throws EBPM_INSTALL_FAILED, and what `ebpm install` fails with
 */
export async function installInChild({ env, isOffline }: Context, spec: string): Promise<string> {
  // A project's own files change when a person asks for that.
  const argv = ['install', '--json', '--global', '--keep-current', ...(isOffline ? ['--offline'] : []), '--', spec];
  const command = userCommand(invokingUser(env), env, argv);
  const end = await runChild(command, MAX_ANSWER_BYTES);
  const version = end.exitCode === 0 ? installedVersion(end) : undefined;
  if (version !== undefined) return version;
  throw (
    childError(end) ??
    new EbpmError('EBPM_INSTALL_FAILED', `Cannot install "${spec}": the installation ended with ${end.exitCode}`, {
      hint: `Type: ebpm install ${spec}`,
    })
  );
}

/** The version of the only package that was asked for; undefined where the child does not tell it. */
function installedVersion(end: ChildEnd): string | undefined {
  const version = childAnswer(end)?.packages?.[0]?.version;
  return typeof version === 'string' && isVersion(version) ? version : undefined;
}
