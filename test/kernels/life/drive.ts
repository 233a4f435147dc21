// Starts runs, ends them in every way, and writes down what it saw. It lies beside a built command line, whose commands it runs in its own
// process. Usage: node drive.mjs REQUEST RESULT (JSON files).
import { readFileSync, writeFileSync } from 'node:fs';
import { inBackground } from './background.js';
import { closedPipe } from './closed-pipe.js';
import { endedBy } from './foreground.js';
import { raced } from './raced.js';
import type { Request } from './request.js';

type Result<Step extends (...all: never[]) => Promise<unknown>> = Awaited<ReturnType<Step>>;

/** What came of it. On the host is done what no kernel decides, in a lab what would meet others. */
export interface Observed {
  readonly background: Result<typeof inBackground>;
  readonly closedPipe?: Result<typeof closedPipe>;
  readonly host?: {
    readonly interrupted: Result<typeof endedBy>;
    readonly killed: Result<typeof endedBy>;
    readonly kept: Result<typeof endedBy>;
    readonly raced: Result<typeof raced>;
  };
}

async function observe(request: Request): Promise<Observed> {
  const background = await timed('background', () => inBackground(request));
  const { lab } = request;
  if (lab === undefined) return { background, host: await onHost(request) };
  if (!lab.closesPipe) return { background };
  return { background, closedPipe: await timed('closed pipe', () => closedPipe(request, lab)) };
}

async function onHost(request: Request): Promise<NonNullable<Observed['host']>> {
  return {
    interrupted: await timed('interrupted', () => endedBy('SIGINT', request)),
    killed: await timed('killed', () => endedBy('SIGKILL', request)),
    kept: await timed('kept', () => endedBy('SIGTERM', request, ['--keep-privileges'])),
    raced: await timed('raced', () => raced(request)),
  };
}

/** Says how long it took, for whoever wants this to take less. */
async function timed<T>(name: string, action: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await action();
  process.stderr.write(`${name}: ${Math.round(performance.now() - from)} ms\n`);
  return result;
}

const [requestPath = '', resultPath = ''] = process.argv.slice(2);
writeFileSync(resultPath, JSON.stringify(await observe(JSON.parse(readFileSync(requestPath, 'utf8')))));
