import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EbpmError } from '@ebpm/formats';
import type { RunningObject } from '@ebpm/loader';
import type { Case } from './cases.js';
import { kernelState, remainder } from './kernel-state.js';
import type { Row } from './row.js';
import type { Shell } from './shell.js';
import { startCase } from './start-case.js';

/** Attaches the programs of a case, triggers them, looks at the effect, detaches them, and looks at what stays. */
export async function runCase(shell: Shell, one: Case): Promise<Row> {
  const { type, variant } = one;
  const before = await kernelState(shell, type.startsWith('tc'));
  const helper = one.helper === undefined ? undefined : await startHelper(one.helper);
  try {
    const running = startCase(one, helper?.pid);
    const problems = await observe(shell, one, running, helper?.pid);
    running.close();
    const left = await remainder(shell, before);
    const note = running.places.find((place) => place.note !== undefined)?.note;
    if (problems.length > 0) return { type, variant, status: 'failed', why: problems.join('; '), left };
    return { type, variant, status: 'attached', ...(note === undefined ? {} : { why: note }), left };
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    return refused(one, error, await remainder(shell, before));
  } finally {
    helper?.kill();
  }
}

function refused({ type, variant, impossible }: Case, error: EbpmError, left: readonly string[]): Row {
  const { feature, minimumKernel, probe } = error.data ?? {};
  if (error.code === 'EBPM_NOT_SUPPORTED' && typeof probe === 'string') {
    return { type, variant, status: 'not supported', why: `${feature} needs ${minimumKernel}: ${probe}`, left };
  }
  if (impossible === undefined) return { type, variant, status: 'failed', why: error.message, left };
  return { type, variant, status: 'cannot be tested here', why: `${impossible}: ${error.message}`, left };
}

/** Everything that is not as it must be. */
async function observe(
  shell: Shell,
  one: Case,
  running: RunningObject,
  helper: number | undefined,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const check = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) problems.push(`${what}: ${String(found)} instead of ${String(wanted)}`);
  };
  if (one.text !== undefined) {
    const wanted = one.text.replace('SELF', String(process.pid)).replace('HELPER', String(helper));
    const text = readIterator(running);
    if (!new RegExp(wanted).test(text)) problems.push(`its text was ${JSON.stringify(text)}`);
  }
  if (one.returned !== undefined) check('value', running.returned[0]?.value, one.returned);
  const ranAlready = one.text !== undefined || one.returned !== undefined;
  const before = hits(running);
  if (!ranAlready && one.keepsRunning !== true) check('runs before the trigger', before, 0n);
  check('the trigger prints', await trigger(shell, one, helper), one.prints ?? '0');
  const attached = hits(running);
  if (attached === 0n || (!ranAlready && attached === before)) problems.push('it was not run');
  running.detach();
  // An RCU period may pass until the last CPU has left it.
  if (one.keepsRunning === true) await sleep(100);
  const detached = hits(running);
  const prints = await trigger(shell, one, helper);
  // The table of struct_ops has no name any more, and its trigger says so.
  check('the trigger prints when detached', prints, one.type === 'struct_ops' ? 'absent' : '0');
  check('runs when detached', hits(running), detached);
  return problems;
}

async function trigger(shell: Shell, one: Case, helper: number | undefined): Promise<string> {
  // The library that this very process uses.
  if (one.trigger === 'PPID') return process.ppid > 0 ? '0' : 'no parent';
  return shell.run(`HELPER=${helper ?? ''}; ${one.trigger}`);
}

async function startHelper(action: 'serve' | 'spin'): Promise<ChildProcess> {
  const helper = spawn('/test/actor', [action], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(helper.stdout, 'data');
  return helper;
}

/** The counter of the object: alone or first in .bss. */
function hits(running: RunningObject): bigint {
  const [entry] = running.readMap('.bss');
  return entry === undefined ? 0n : Buffer.from(entry.value).readBigUInt64LE(0);
}

function readIterator(running: RunningObject): string {
  const [name = ''] = running.iterators;
  const descriptor = running.openIterator(name);
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(4096);
    const size = readSync(descriptor, piece);
    if (size === 0) break;
    pieces.push(piece.subarray(0, size));
  }
  closeSync(descriptor);
  return Buffer.concat(pieces).toString();
}
