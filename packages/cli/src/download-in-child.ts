import { EbpmError } from '@ebpm/formats';
import { childError, MAIN, runChild } from './child-command.js';
import type { Context } from './context.js';
import { DOWNLOAD_WORD } from './download-word.js';
import { invokingUser, unprivilegedUser } from './invoking-user.js';
import { MAX_INPUT_BYTES } from './read-input.js';
import { asInvokingUser, type NodeCommand } from './run-as-invoking-user.js';

/**
 * The bytes behind an address, read in a process of its own: nothing that talks to the network is root. Under sudo that process is the
 * invoking user; for a root who has no user behind it, "nobody", which is said.
 *
 * @throws EBPM_DOWNLOAD_FAILED
 */
export async function downloadInChild(context: Context, url: string): Promise<Uint8Array> {
  if (context.isOffline) {
    throw new EbpmError('EBPM_OFFLINE', `Cannot download "${url}" without the network`, {
      hint: 'Download it where there is one, and name the file',
      data: { missing: [url] },
    });
  }
  const end = await runChild(commandFor(context, [DOWNLOAD_WORD, url]), MAX_INPUT_BYTES);
  if (end.exitCode === 0) return new Uint8Array(end.stdout);
  throw (
    childError(end) ??
    new EbpmError(
      'EBPM_DOWNLOAD_FAILED',
      `Cannot download "${url}": the process that does it ended with ${end.exitCode}`,
      {
        hint: `Download it yourself and name the file: curl -fLO ${url}`,
      },
    )
  );
}

function commandFor({ env, stderr }: Context, argv: readonly string[]): NodeCommand {
  if (process.geteuid?.() !== 0) return { argv: [MAIN, ...argv], env: { ...env } };
  const user = invokingUser(env) ?? unprivilegedUser();
  if (invokingUser(env) === undefined) stderr.write(`Downloading as user "${user.name}", not as root\n`);
  return asInvokingUser(user, argv);
}
