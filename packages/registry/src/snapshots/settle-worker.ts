import { parentPort, workerData } from 'node:worker_threads';
import { settleFile } from './settle-copy.js';

// The file that `settleCopy` starts in a thread.
parentPort?.postMessage(settleFile(String(workerData)));
