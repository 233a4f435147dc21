import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PositionIndex } from '../index/position-index.js';
import { openSqlite } from '../sqlite.js';

/**
 * Makes a copy of the tables a single file that is quick to search, and checks that it is a whole database, in a thread of its own: of a
 * million packages it takes seconds.
 * @returns the entry that it is at
 * @throws Error when the tables are damaged
 */
export async function settleCopy(path: string, signal: AbortSignal | undefined): Promise<number> {
  const worker = new Worker(WORKER_FILE, { workerData: path });
  try {
    const [seq] = await once(worker, 'message', { ...(signal && { signal }) });
    return Number(seq);
  } finally {
    await worker.terminate();
  }
}

/** What the thread does. */
export function settleFile(path: string): number {
  const copy = openSqlite(path);
  try {
    copy.pragma('journal_mode = DELETE');
    // If this ends early, nobody wants what is left.
    copy.pragma('journal_mode = OFF');
    copy.pragma('synchronous = OFF');
    copy.pragma('secure_delete = ON');
    // The lists of a term are in as many pieces as there were writes lately; now each is in one.
    copy.exec("INSERT INTO search (search) VALUES ('optimize')");
    // Whoever starts from it goes by the digest: what has that one was checked here.
    const fault = copy.pragma('quick_check(1)', { simple: true });
    if (fault !== 'ok') throw new Error(`the tables of this replica are damaged: ${fault}`);
    return new PositionIndex(copy, 'log').get()?.seq ?? 0;
  } finally {
    copy.close();
  }
}

/** Tests run the sources, of which Node can start none in a thread: there it is the built file. */
const WORKER_FILE = new URL(
  './settle-worker.js',
  import.meta.url.replace(/\/src\/snapshots\/[^/]*$/, '/dist/snapshots/'),
);
