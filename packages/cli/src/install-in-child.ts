import { EbpmError } from '@ebpm/formats';
import { childError, MAIN, runChild } from './child-command.js';
import type { Context } from './context.js';
import { invokingUser } from './invoking-user.js';
import { asInvokingUser } from './run-as-invoking-user.js';

/** Bytes of the child's answer that are read: an error's message and data are far smaller. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Installs a package in a process of its own, under sudo one of the invoking user: what runs packages talks to no
 * registry and writes into no store. Its progress goes to stderr.
 *
 * @throws EBPM_INSTALL_FAILED, and what `ebpm install` fails with
 */
export async function installInChild({ env, isOffline }: Context, spec: string): Promise<void> {
  // A project's own files change when a person asks for that.
  const argv = ['install', '--json', '--global', '--keep-current', ...(isOffline ? ['--offline'] : []), '--', spec];
  const user = invokingUser(env);
  const command = user === undefined ? { argv: [MAIN, ...argv], env: { ...env } } : asInvokingUser(user, argv);
  const end = await runChild(command, MAX_ANSWER_BYTES);
  if (end.exitCode === 0) return;
  throw (
    childError(end) ??
    new EbpmError('EBPM_INSTALL_FAILED', `Cannot install "${spec}": the installation ended with ${end.exitCode}`, {
      hint: `Type: ebpm install ${spec}`,
    })
  );
}
