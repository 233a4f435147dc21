import { EbpmError, type ErrorTable, FORMATS_ERRORS } from '@ebpm/formats';
import { helpText } from './commands/help.js';
import { parseCommandLine } from './commands/parse-command-line.js';
import { REGISTRY_ERRORS } from './errors.js';
import { registryVersion } from './version.js';

/** Runs `ebpm-registry` on this process's arguments, environment, streams and signals, and sets its exit code. */
export async function main(): Promise<void> {
  const ending = new AbortController();
  const stop = () => {
    // The second signal comes from somebody who does not want to wait.
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  // The S3 client is pinned to a version that runs on Node 20; its advice to upgrade is not for whoever runs this.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  try {
    const { command, input, wantsHelp, wantsVersion } = parseCommandLine(process.argv.slice(2));
    if (wantsHelp) print(helpText(command));
    else if (wantsVersion) print(`ebpm-registry/${registryVersion()} node-${process.version}`);
    else await command.run(input, { env: process.env, print, logStream: process.stderr, signal: ending.signal });
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = exitCodeOf(error);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function errorText(error: unknown): string {
  if (!(error instanceof EbpmError)) return `error: ${error instanceof Error ? (error.stack ?? error.message) : error}`;
  const hint = error.hint === undefined ? '' : `\nhint: ${error.hint}`;
  return `error: ${error.message} (${error.code})${hint}`;
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof EbpmError)) return 1;
  const rows: ErrorTable = { ...FORMATS_ERRORS, ...REGISTRY_ERRORS };
  return rows[error.code]?.exit ?? 1;
}
