import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { compileProgram } from './compile-fixture.js';

/** The process that the tests trace: it calls getpgid() as often as it is told to. */
export class Sender {
  readonly pid: number;
  readonly syscall: number;
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #remove: () => void;

  private constructor(child: ChildProcess, lines: Interface, syscall: number, remove: () => void) {
    this.#child = child;
    this.#lines = lines;
    this.#remove = remove;
    this.pid = child.pid ?? 0;
    this.syscall = syscall;
  }

  static async start({ oneCpu = false } = {}): Promise<Sender> {
    const program = compileProgram('sender');
    const child = spawn(program.path, oneCpu ? ['one-cpu'] : [], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const [syscall] = await once(lines, 'line');
    return new Sender(child, lines, Number(syscall), program.remove);
  }

  /** Resolves when all calls have been made. */
  async send(count: number): Promise<void> {
    const done = once(this.#lines, 'line');
    this.#child.stdin?.write(`${count}\n`);
    await done;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await exited;
    this.#remove();
  }
}
