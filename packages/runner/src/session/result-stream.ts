import { programKind } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { StreamPlan } from './stream.js';

/** The streams of programs that are run once: each prints what its program returned. */
export function planResultStreams(pkg: RunnablePackage): readonly StreamPlan[] {
  return pkg.object.programs
    .filter(({ section }) => programKind(section)?.prefix === 'syscall')
    .map(({ name }) => ({
      name,
      open: (running, { output, write }) => {
        const result = running.returned.find((one) => one.name === name);
        if (result !== undefined) {
          const { value } = result;
          write(
            `${output === 'json' ? JSON.stringify({ program: name, returned: value }) : `${name}: returned ${value}`}\n`,
          );
        }
        return {
          name,
          done: Promise.resolve(),
          totals: () => ({ name, events: result === undefined ? 0 : 1, malformed: 0, lost: 0n }),
          close: () => {},
        };
      },
    }));
}
