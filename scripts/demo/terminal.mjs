import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../run-step.mjs';

/** What is typed, and what is started for it. */
const PROGRAMS = {
  ebpm: join(ROOT, 'packages/cli/bundle/main.js'),
  'ebpm-registry': join(ROOT, 'packages/registry/bin/ebpm-registry.cjs'),
};

/** Shows commands as they are typed, runs them, and shows what they print. */
export class Terminal {
  #folder;

  /** @param folder becomes `~` in what is shown, and HOME of what is run */
  constructor(folder) {
    this.#folder = folder;
  }

  title(text) {
    process.stdout.write(`\n== ${text}\n`);
  }

  typed(text) {
    // A shell knows "~" only where a word begins.
    process.stdout.write(`$ ${text.replaceAll(`:${this.#folder}`, ':$HOME').replaceAll(this.#folder, '~')}\n`);
  }

  /** Runs a command to its end; gives its stdout. With `quiet` stdout is not shown. */
  async run(program, args, { env = {}, cwd = this.#folder, input, mayFail = false, quiet = false } = {}) {
    this.typed([program, ...args].join(' '));
    const child = this.start(program, args, { env, cwd });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (!quiet) process.stdout.write(chunk);
    });
    child.stderr.pipe(process.stderr, { end: false });
    child.stdin.end(input ?? '');
    const [code] = await once(child, 'close');
    if (code !== 0 && !mayFail) throw new Error(`"${program} ${args[0]}" ended with ${code}`);
    return stdout;
  }

  /** Starts a command and leaves it running. */
  start(program, args, { env = {}, cwd = this.#folder } = {}) {
    return spawn(process.execPath, [PROGRAMS[program], ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: this.#folder, ...env },
    });
  }
}
