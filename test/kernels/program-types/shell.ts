import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** One shell for all commands: in an emulated machine, starting a process out of Node takes longer than most of them do. */
export class Shell {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #text = '';

  constructor() {
    this.#child = spawn('sh', { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
    });
  }

  /** What a command prints to stdout and stderr, trimmed. One at a time. */
  async run(command: string): Promise<string> {
    this.#text = '';
    this.#child.stdin.write(`{ ${command}\n} </dev/null 2>&1; printf '\\n${END}\\n'\n`);
    while (!this.#text.endsWith(`\n${END}\n`)) await once(this.#child.stdout, 'data');
    return this.#text.slice(0, -END.length - 2).trim();
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** No command prints this. */
const END = '--- end of the command ---';
