/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const SIGNAL_EXITS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof SIGNAL_EXITS;

/**
 * Runs something that SIGINT, SIGTERM, SIGHUP and a closed stdout end cleanly, through its AbortSignal; gives the
 * exit code. A second signal ends the process at once.
 *
 * @param ends ends it cleanly, too
 */
export async function runInterruptibly(
  action: (signal: AbortSignal) => Promise<number>,
  ends?: AbortSignal,
): Promise<number> {
  const controller = new AbortController();
  const end = () => controller.abort();
  ends?.addEventListener('abort', end);
  if (ends?.aborted === true) end();
  let received: EndingSignal | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    received = name as EndingSignal;
    controller.abort();
  };
  const onOutputError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort();
  };
  const names = Object.keys(SIGNAL_EXITS) as EndingSignal[];
  for (const name of names) process.once(name, onSignal);
  process.stdout.on('error', onOutputError);
  try {
    const code = await action(controller.signal);
    return received === undefined ? code : SIGNAL_EXITS[received];
  } finally {
    ends?.removeEventListener('abort', end);
    for (const name of names) process.removeListener(name, onSignal);
  }
}
