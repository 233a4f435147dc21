// Starts runs, ends them in every way, and writes down what it saw. It lies beside a built command line, whose commands it runs in its own
// process. Usage: node drive.mjs REQUEST RESULT (JSON files).
import { readFileSync, writeFileSync } from 'node:fs';
import { inBackground } from './background.js';
import { endedBy } from './foreground.js';
import type { Request } from './request.js';
import { racedAndHalted } from './stubborn.js';

type Result<Step extends (...all: never[]) => Promise<unknown>> = Awaited<ReturnType<Step>>;

/** What came of it. */
export interface Observed {
  readonly interrupted: Result<typeof endedBy>;
  readonly background: Result<typeof inBackground>;
  readonly killed: Result<typeof endedBy>;
  readonly kept: Result<typeof endedBy>;
  readonly stubborn: Result<typeof racedAndHalted>;
}

async function observe(request: Request): Promise<Observed> {
  return {
    interrupted: await timed('interrupted', () => endedBy('SIGINT', request)),
    background: await timed('background', () => inBackground(request)),
    killed: await timed('killed', () => endedBy('SIGKILL', request)),
    kept: await timed('kept', () => endedBy('SIGTERM', request, ['--keep-privileges'])),
    stubborn: await timed('stubborn', () => racedAndHalted(request)),
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
