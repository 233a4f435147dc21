import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '@ebpm/loader';
import type { CliControl } from '@ebpm/schemas';
import type { Environment } from '../context.js';
import { STOP_WITHIN_MS } from '../limits.js';
import { sendCommand } from './control.js';
import { findLiving } from './control-run.js';

/** Milliseconds between two looks. */
const LOOK_MS = 10;

/** Has a run end, and waits for it; one that does not is killed. @throws EBPM_RUN_UNKNOWN, EBPM_RUN_ENDED */
export async function stopRun(env: Environment, text: string): Promise<CliControl> {
  const { record, files } = findLiving(env, text, 'stop');
  const events = await sendCommand(files.socket, 'stop').then(
    (answer) => answer.events,
    () => undefined,
  );
  const about = { id: record.id, ...(events === undefined ? {} : { events }) };
  for (const from = Date.now(); Date.now() - from < STOP_WITHIN_MS; await sleep(LOOK_MS)) {
    if (!isAlive(record.process)) return { ...about, status: 'ended' };
  }
  if (isAlive(record.process)) process.kill(record.process.pid, 'SIGKILL');
  return { ...about, status: 'killed' };
}
