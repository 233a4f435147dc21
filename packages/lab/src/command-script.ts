import { GUEST_ENVIRONMENT } from './guest-init.js';
import { shellQuote } from './shell-quote.js';

/**
 * Writes the script that becomes the command: it takes its streams, joins the command's cgroup, tells init its process group, sets the
 * variables and is replaced by the program. A program that is not found ends it with 127, as in any shell.
 */
export function commandScript(command: readonly string[], env: Readonly<Record<string, string>>): string {
  const variables = Object.entries({ ...GUEST_ENVIRONMENT, ...env });
  return [
    // Here and not in init: a shell that starts a program redirects itself meanwhile, and would print its death there.
    'exec <&5 2>&1 >&4 3>&- 4>&- 5<&-',
    'echo $$ >/sys/fs/cgroup/command/cgroup.procs',
    'echo $$ >/lab/pid',
    ...variables.map(([name, value]) => `export ${name}=${shellQuote([value])}`),
    'cd "$HOME"',
    `exec ${shellQuote(command)}`,
    '',
  ].join('\n');
}
