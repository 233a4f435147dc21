import { type Installed, type InstalledVersion, parseRecord } from '@ebpm/client/installed';
import { LookedAt } from '@ebpm/client/looked-at';
import { EbpmError } from '@ebpm/formats';
import { type ChildEnd, childAnswer, childError, runChild, userCommand } from './child-command.js';
import type { Context } from './context.js';
import { invokingUser } from './invoking-user.js';
import { LOOK_MAX_BYTES } from './limits.js';
import { BY_LOCKFILE, LOOK_WORD } from './look-word.js';

/** A version that was looked at, and where it and what it needs can be read. */
export interface Looked {
  readonly version: string;
  readonly store: Installed;
}

/**
 * Has a package downloaded and checked as `ebpm install` does, with all that it needs, and installs nothing of it. That is done by a process of its own, under sudo
 * one of the invoking user: what looks at packages as root talks to no registry and writes into no store. Its progress goes to stderr.
 *
 * @param isByLockfile whether the version is meant that the lockfile here names, and what it names for it. Default false
 * @throws EBPM_DOWNLOAD_FAILED, and what `ebpm install` or `ebpm ci` fails with
 */
export async function lookInChild(
  { env, home, isOffline }: Context,
  spec: string,
  isByLockfile = false,
): Promise<Looked> {
  const argv = [LOOK_WORD, spec, ...(isByLockfile ? [BY_LOCKFILE] : [])];
  const command = userCommand(invokingUser(env), env, argv);
  const offline = isOffline ? { EBPM_OFFLINE: '1' } : {};
  const end = await runChild({ ...command, env: { ...command.env, ...offline } }, LOOK_MAX_BYTES);
  const versions = end.exitCode === 0 ? lookedVersions(end) : [];
  const [found] = versions;
  if (found !== undefined) return { version: found.version, store: new LookedAt(home, versions) };
  throw (
    childError(end) ??
    new EbpmError(
      'EBPM_DOWNLOAD_FAILED',
      `Cannot look at "${spec}": the process that downloads it ended with ${end.exitCode}`,
      {
        hint: `See what the registry says of it: ebpm info ${spec}`,
      },
    )
  );
}

/** What a child says is checked as what stands in the store: it is the same user's word. None where one is no record. */
function lookedVersions(end: ChildEnd): readonly InstalledVersion[] {
  const told = childAnswer(end)?.looked;
  const records = Array.isArray(told) ? told.map((one) => parseRecord(Buffer.from(JSON.stringify(one)))) : [];
  const versions = records.filter((record) => record !== undefined);
  return versions.length === records.length ? versions : [];
}
