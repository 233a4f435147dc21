import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isPrebuilt, prebuiltLoader } from './prebuilt-loader.js';

/** A process that opens objects, so that what breaks libbpf breaks only that process. */
export class Opener {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #loader = isPrebuilt() ? prebuiltLoader() : undefined;
  #stderr = '';

  constructor() {
    const worker = fileURLToPath(new URL('open-worker.mjs', import.meta.url));
    const args = [worker, ...(this.#loader === undefined ? [] : [this.#loader.path])];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr = (this.#stderr + chunk).slice(-4096);
    });
    this.#child.stdin?.on('error', () => {});
    this.#ended = once(this.#child, 'exit').then(([code, signal]) => `ended with ${signal ?? code}: ${this.#stderr}`);
  }

  /** @throws Error when the process ends or does not answer within `timeoutMs` */
  async open(bytes: Uint8Array, timeoutMs: number): Promise<'accepted' | 'refused'> {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    this.#child.stdin?.write(size);
    this.#child.stdin?.write(bytes);
    const answer = await this.#answer(timeoutMs);
    if (answer === 'a') return 'accepted';
    if (answer === 'r') return 'refused';
    this.close();
    throw new Error(`the opener ${answer === '!' ? await this.#ended : answer}`);
  }

  /** Its resident memory in bytes, now. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
  }

  close(): void {
    this.#child.kill('SIGKILL');
    this.#loader?.remove();
  }

  async #answer(timeoutMs: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`does not answer within ${timeoutMs} ms`), timeoutMs);
    });
    const said = once(this.#child.stdout ?? this.#child, 'data').then(([chunk]) => String(chunk));
    try {
      return await Promise.race([said, this.#ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
