#!/usr/bin/env node
// Runs a command in a throwaway kernel: npm run lab -- [-f GUEST[=HOST]]... [-d SECONDS] VERSION COMMAND...
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KERNEL_VERSIONS, LAB_ERRORS, parseKernelVersion, runInLab } from '../packages/lab/dist/index.js';

class Interrupted extends Error {}

const USAGE = `Usage: npm run lab -- [OPTIONS] VERSION COMMAND [ARG...]

Boots Linux VERSION (${KERNEL_VERSIONS.join(', ')}) in QEMU, runs COMMAND in it, ends with its exit code.

  -f, --file GUEST[=HOST]   put a file or folder in; the libraries that it needs follow
  -d, --deadline SECONDS    the most that the command may take

Ctrl-C interrupts the command, a second one switches the guest off.
`;

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.hint === undefined ? error.message : `${error.message}\nType: ${error.hint}`);
  for (const line of error.data?.console ?? []) console.error(`  ${line}`);
  return exitCodeOf(error);
});

/** Reads the options before VERSION (all after it belongs to the command), runs, gives the exit code. */
async function main(argv) {
  const { values, positionals } = readOptions(argv);
  const [version, ...command] = positionals;
  if (version === undefined || command.length === 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const interrupt = new AbortController();
  const abort = new AbortController();
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) abort.abort(new Interrupted('interrupted'));
    interrupt.abort();
  });
  process.on('SIGTERM', () => abort.abort(new Interrupted('terminated')));

  const { exitCode } = await runInLab({
    kernel: parseKernelVersion(version),
    cacheDir: join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'lab'),
    command,
    files: Object.fromEntries((values.file ?? []).map(splitFile)),
    ...(values.deadline === undefined ? {} : { deadlineMs: Number(values.deadline) * 1000 }),
    stdin: process.stdin,
    onStdout: (chunk) => write(process.stdout, chunk),
    onStderr: (chunk) => write(process.stderr, chunk),
    onProgress: showFetching,
    interrupt: interrupt.signal,
    signal: abort.signal,
  });
  return exitCode;
}

function readOptions(argv) {
  const options = { file: { type: 'string', short: 'f', multiple: true }, deadline: { type: 'string', short: 'd' } };
  const { tokens } = parseArgs({ args: argv, options, tokens: true, strict: false, allowPositionals: true });
  const version = tokens.find((token) => token.kind === 'positional')?.index ?? argv.length;
  const { values } = parseArgs({ args: argv.slice(0, version), options });
  return { values, positionals: argv.slice(version) };
}

function splitFile(text) {
  const at = text.indexOf('=');
  return at === -1 ? [text, text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Waits until the stream takes more, so that a slow terminal slows the guest instead of filling the memory. */
function write(stream, chunk) {
  return new Promise((resolve, reject) => stream.write(chunk, (error) => (error ? reject(error) : resolve())));
}

/** 2: typed wrongly; 130: interrupted; 1: failed. */
function exitCodeOf(error) {
  if (error instanceof Interrupted) return 130;
  return error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : (LAB_ERRORS[error.code]?.exit ?? 1);
}

function showFetching(progress) {
  if ('package' in progress) console.error(`${progress.phase} ${progress.package}`);
}
