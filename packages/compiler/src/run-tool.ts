import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EbpmError } from '@ebpm/formats';
import { DEFAULT_TOOL_TIMEOUT_MS, MAX_ADDRESS_SPACE_BYTES, MAX_FILE_BYTES, MAX_OUTPUT_BYTES } from './limits.js';

/** How a tool is run. */
export interface RunOptions {
  /** Directory for the tool's own temporary files. */
  readonly tempDir?: string;
  /** Default 60 s. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the tool is a program for Node, which reserves more address space than it could ever use; its heap is limited instead. */
  readonly node?: boolean;
  /** Open file for the standard output; when not given it is collected. */
  readonly stdoutFd?: number;
}

/** What a tool did. */
export interface ToolRun {
  /** 128 and the signal's number where a signal ended it, as a shell says it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

// Node cannot set limits for a child. The shell sets them and becomes the tool, so there is one process to end; a machine
// that has lower limits keeps them.
const LIMITED = 'ulimit -c 0; ulimit -f "$1" 2>/dev/null; ulimit -v "$2" 2>/dev/null; shift 2; exec "$@"';
// POSIX counts `ulimit -f` in these; `-v` is in KiB.
const FILE_BLOCK_BYTES = 512;

/**
 * Runs a tool of the build to its end, with limits on its time, memory, files and output, and with nothing of our environment:
 * variables such as CPATH and CCC_OVERRIDE_OPTIONS would change what clang makes.
 * @param tool Absolute path.
 * @throws EBPM_BUILD_TIMEOUT, EBPM_BUILD_TOO_LARGE, and the reason of an aborted signal
 */
export async function runTool(tool: string, args: readonly string[], options: RunOptions = {}): Promise<ToolRun> {
  options.signal?.throwIfAborted();
  const addressSpace = options.node === true ? 'unlimited' : MAX_ADDRESS_SPACE_BYTES / 1024;
  const limits = [MAX_FILE_BYTES / FILE_BLOCK_BYTES, addressSpace].map(String);
  const child = spawn('/bin/sh', ['-c', LIMITED, 'sh', ...limits, tool, ...args], {
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin', ...(options.tempDir === undefined ? {} : { TMPDIR: options.tempDir }) },
    stdio: ['ignore', options.stdoutFd ?? 'pipe', 'pipe'],
  });
  return await ending(child, tool, options);
}

/** Waits for the end of a child, or brings it about. */
function ending(
  child: ChildProcess,
  tool: string,
  { timeoutMs = DEFAULT_TOOL_TIMEOUT_MS, signal }: RunOptions,
): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    let verdict: unknown;
    const end = (reason: unknown) => {
      verdict ??= reason;
      child.kill('SIGKILL');
    };
    const abort = () => end(signal?.reason);
    const timer = setTimeout(() => end(timedOut(tool, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) =>
      collect(stream, () => end(tooMuch(tool, 'prints', MAX_OUTPUT_BYTES))),
    );
    child.on('error', end);
    child.on('close', (code, name) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (name === 'SIGXFSZ') verdict ??= tooMuch(tool, 'writes', MAX_FILE_BYTES);
      if (verdict !== undefined) return reject(verdict);
      const exitCode = code ?? 128 + (name === null ? 0 : constants.signals[name]);
      resolve({ exitCode, stdout: stdout?.() ?? '', stderr: stderr?.() ?? '' });
    });
  });
}

/** Collects a stream; gives a function that returns its text so far. */
function collect(stream: NodeJS.ReadableStream | null, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_OUTPUT_BYTES) onTooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function timedOut(tool: string, timeoutMs: number): EbpmError {
  return new EbpmError(
    'EBPM_BUILD_TIMEOUT',
    `Cannot finish the build: "${tool}" ran for more than ${timeoutMs / 1000} s`,
    {
      data: { tool, timeoutMs },
    },
  );
}

function tooMuch(tool: string, does: 'prints' | 'writes', limitBytes: number): EbpmError {
  return new EbpmError(
    'EBPM_BUILD_TOO_LARGE',
    `Cannot finish the build: "${tool}" ${does} more than ${limitBytes} bytes`,
    {
      data: { tool, limitBytes },
    },
  );
}
