import { checkSpec } from './check-spec.js';
import { createContext } from './context.js';
import { formatCheck } from './format-check.js';

/**
 * `ebpm check`, and nothing else, since it stays root under sudo. As in `runEntry`, oclif is loaded only where there are flags: it takes longer
 * than looking.
 */
export async function checkEntry(argv: readonly string[]): Promise<void> {
  const [spec, ...flags] = argv;
  if (spec === undefined || flags.length > 0 || (spec.startsWith('-') && spec !== '-')) {
    const { checkWithFlags } = await import('./check-with-flags.js');
    return checkWithFlags(argv);
  }
  const context = createContext(process.env);
  try {
    context.stdout.write(formatCheck(await checkSpec(context, { spec })));
  } catch (error) {
    const { exitCodeOf, formatError, toEbpmError } = await import('./error-output.js');
    const failure = toEbpmError(error);
    process.exitCode = exitCodeOf(failure);
    context.stderr.write(formatError(failure));
  }
}
