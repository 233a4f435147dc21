import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { EbpmError } from '@ebpm/formats';
import { CHECK_LIMITS } from '../limits.js';
import type { CheckAnswer, CheckTask } from './check-message.js';
import { checkPackage } from './check-package.js';

// The file that `CheckPool` starts in threads: it checks the archives of one message after another, and answers each message with one.
parentPort?.on('message', (tasks: readonly CheckTask[]) => parentPort?.postMessage(tasks.map(answerTo)));
// Where all cores are busy, those who read come first. Linux gives each thread its own priority (setpriority(2), "0" is the caller).
setPriority(Math.max(getPriority(), CHECK_LIMITS.niceness));
parentPort?.postMessage('ready');

function answerTo({ archive, claim }: CheckTask): CheckAnswer {
  try {
    return { checked: checkPackage(archive, claim) };
  } catch (error) {
    if (!(error instanceof EbpmError))
      return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    const { code, message, hint, data } = error;
    return { refusal: { code, message, hint, data } };
  }
}
