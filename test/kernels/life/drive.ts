// Starts runs, ends them in every way, and writes down what it saw. It lies beside a built command line, whose commands it runs in its own
// process: in an emulated machine a start takes seconds. Usage: node drive.mjs REQUEST RESULT (JSON files).
import { readFileSync, writeFileSync } from 'node:fs';
import { inBackground } from './background.js';
import { closedPipe, killedWithFilters } from './filters.js';
import { endedBy } from './foreground.js';
import type { Request } from './request.js';
import { racedAndHalted } from './stubborn.js';

type Result<Step extends (...all: never[]) => Promise<unknown>> = Awaited<ReturnType<Step>>;

/** What came of it. In a lab there is nobody else; on the host is done what no kernel decides. */
export interface Observed {
  readonly interrupted: Result<typeof endedBy>;
  readonly background: Result<typeof inBackground>;
  readonly filters?: Result<typeof killedWithFilters>;
  readonly closedPipe?: Result<typeof closedPipe>;
  readonly killed?: Result<typeof endedBy>;
  readonly kept?: Result<typeof endedBy>;
  readonly stubborn?: Result<typeof racedAndHalted>;
}

async function observe(request: Request): Promise<Observed> {
  const everywhere = { interrupted: await endedBy('SIGINT', request), background: await inBackground(request) };
  if (request.isLab) {
    return { ...everywhere, filters: await killedWithFilters(request), closedPipe: await closedPipe(request) };
  }
  return {
    ...everywhere,
    killed: await endedBy('SIGKILL', request),
    kept: await endedBy('SIGTERM', request, ['--keep-privileges']),
    stubborn: await racedAndHalted(request),
  };
}

const [requestPath = '', resultPath = ''] = process.argv.slice(2);
writeFileSync(resultPath, JSON.stringify(await observe(JSON.parse(readFileSync(requestPath, 'utf8')))));
