// One process that writes into a log, told what to do over IPC: {publish: [{version, digest}, ...]} commits all of them at once
// and answers with what became of each; {stream: true} commits one after another and tells of each, until it is killed.

import { systemClock } from '../../packages/registry/src/clock.js';
import { openLog } from '../../packages/registry/src/log/open-log.js';
import { systemRandom } from '../../packages/registry/src/random.js';
import { openStore } from '../../packages/registry/src/stores/open.js';
import { publish, VersionFold } from '../../packages/registry/test/log/version-fold.js';

/** What a writer is told. */
export type Command =
  | { readonly publish: readonly { readonly version: string; readonly digest: string }[] }
  | { readonly stream: string };

const [address = '', accessKeyId = '', secretAccessKey = ''] = process.argv.slice(2);
const time = { clock: systemClock, random: systemRandom };
const store = await openStore(address, { ...time, s3Credentials: { accessKeyId, secretAccessKey } });
const log = await openLog({ store, log: 'log', fold: new VersionFold(), writer: `process-${process.pid}`, ...time });

process.on('message', (command: Command) => void obey(command));
process.on('disconnect', () => process.exit());
tell('ready');

async function obey(command: Command): Promise<void> {
  if ('publish' in command) {
    tell(await Promise.all(command.publish.map(({ version, digest }) => outcome(version, digest))));
    return;
  }
  for (let n = 0; ; n++) {
    const version = `${command.stream}.${n}`;
    tell({ trying: version });
    await log.commit(publish(version));
    tell({ committed: version });
  }
}

async function outcome(version: string, digest: string): Promise<string> {
  try {
    return (await log.commit(publish(version, digest))).already ? 'already' : 'new';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function tell(message: unknown): void {
  process.send?.(message);
}
