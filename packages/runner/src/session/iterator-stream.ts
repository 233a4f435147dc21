import { close, read } from 'node:fs';
import { promisify } from 'node:util';
import { printable } from '@ebpm/events';
import type { RunningObject } from '@ebpm/loader';
import { programKind } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { Stream, StreamContext, StreamPlan } from './stream.js';

const readPiece = promisify(read);
const closeDescriptor = promisify(close);
/** Most that the kernel gives at once is a little more than a page. */
const PIECE_BYTES = 64 * 1024;

/** The streams of a package's iterators: each prints its text once, as it is but for what would move the cursor. */
export function planIteratorStreams(pkg: RunnablePackage): readonly StreamPlan[] {
  return pkg.object.programs
    .filter(({ section }) => programKind(section)?.attach?.kind === 'iterator')
    .map(({ name }) => ({ name, open: (running, context) => openIteratorStream(running, name, context) }));
}

function openIteratorStream(running: RunningObject, name: string, context: StreamContext): Stream {
  let lines = 0;
  let stopped = false;
  const print = (line: string): void => {
    if (context.limit.left <= 0) return;
    lines += 1;
    context.write(`${context.output === 'json' ? JSON.stringify({ iterator: name, line }) : shown(line)}\n`);
    context.limit.take(1);
  };
  // One that is not attached, which the run has said, has nothing to read.
  const done = running.iterators.includes(name)
    ? readLines(running.openIterator(name), print, () => stopped)
    : Promise.resolve();
  return {
    name,
    done,
    totals: () => ({ name, events: lines, malformed: 0, lost: 0n }),
    close: () => {
      stopped = true;
    },
  };
}

async function readLines(descriptor: number, onLine: (line: string) => void, isStopped: () => boolean): Promise<void> {
  const piece = Buffer.alloc(PIECE_BYTES);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    while (!isStopped()) {
      const { bytesRead } = await readPiece(descriptor, piece, 0, PIECE_BYTES, null);
      rest += decoder.decode(piece.subarray(0, bytesRead), { stream: bytesRead > 0 });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
      if (bytesRead === 0) break;
    }
    if (rest !== '') onLine(rest);
  } finally {
    await closeDescriptor(descriptor);
  }
}

/** Tabs make columns, and cannot do harm. */
function shown(line: string): string {
  return line.split('\t').map(printable).join('\t');
}
