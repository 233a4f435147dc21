import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { InvokingUser } from './invoking-user.js';

/** Lies beside this file, bundled or not. */
const DROP_ENTRY = fileURLToPath(new URL('./unprivileged.js', import.meta.url));

/** Variables of root's environment that a child of the user may have: none that makes Node load something. */
const KEPT =
  /^(EBPM_|HTTPS?_PROXY$|NO_PROXY$|https?_proxy$|no_proxy$|XDG_|LANG$|LC_|TERM$|COLUMNS$|NO_COLOR$|PATH$|NODE_EXTRA_CA_CERTS$)/;

/** A command line of `node` and the environment that it is to have. */
export interface NodeCommand {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Runs an `ebpm` command in a child that is the invoking user in uid, gid and groups; gives its exit code. */
export function runAsInvokingUser(user: InvokingUser, argv: readonly string[]): Promise<number> {
  const command = asInvokingUser(user, argv);
  const child = spawn(process.execPath, command.argv, { stdio: 'inherit', env: command.env });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** What node is to be started with so that an `ebpm` command runs as the invoking user. */
export function asInvokingUser(user: InvokingUser, argv: readonly string[]): NodeCommand {
  return { argv: [DROP_ENTRY, JSON.stringify(user), ...argv], env: childEnvironment(user) };
}

function childEnvironment(user: InvokingUser): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  return { ...Object.fromEntries(kept), HOME: user.home, USER: user.name, LOGNAME: user.name };
}
