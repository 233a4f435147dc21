import { writeJudgement } from '@ebpm/client';
import type { Context } from '../context.js';
import { invokingUser } from '../invoking-user.js';
import type { Agreement } from './agree-to-run.js';

/**
 * Gives what keeps, once, what was found out of a file, so that it starts sooner next time. To be called when it runs and the process has its rights, and
 * again when it has given them up: root writes nothing into the home of the user behind sudo, that user does.
 */
export function judgementKeeper({ home, env }: Context, { subject, isNew }: Agreement): () => void {
  let isDue = isNew;
  return () => {
    if (!isDue || invokingUser(env) !== undefined) return;
    isDue = false;
    try {
      writeJudgement(home, subject.judged);
    } catch (error) {
      // A home that cannot be written to: it is found out again.
      if (!(error instanceof Error && 'errno' in error)) throw error;
    }
  };
}
