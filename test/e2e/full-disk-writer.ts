// Fills a small disk with a log, then makes room: prints what happened as JSON.

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../packages/registry/src/clock.js';
import { openLog } from '../../packages/registry/src/log/open-log.js';
import { systemRandom } from '../../packages/registry/src/random.js';
import { openStore } from '../../packages/registry/src/stores/open.js';
import { publish, VersionFold } from '../../packages/registry/test/log/version-fold.js';

const [directory = ''] = process.argv.slice(2);
const time = { clock: systemClock, random: systemRandom };

const store = await openStore(`file:${join(directory, 'store')}`, time);
const log = await openLog({ store, log: 'log', fold: new VersionFold(), writer: 'full', ...time });
await writeFile(join(directory, 'ballast'), Buffer.alloc(200 * 1024));
const refused = await publishUntilRefused();
await rm(join(directory, 'ballast'));
await log.commit(publish('after'));
await log.close();

const fold = new VersionFold();
const again = await openLog({ store, log: 'log', fold, writer: 'audit', ...time });
const leftover = await readdir(join(directory, 'store/.tmp'));
console.log(JSON.stringify({ refused, versions: [...fold.versions.keys()], health: again.health(), leftover }));
await again.close();

async function publishUntilRefused(): Promise<unknown> {
  for (let n = 0; ; n++) {
    try {
      await log.commit({ ...publish(`before-${n}`), notes: 'x'.repeat(15_000) });
    } catch (error) {
      if (error instanceof Error && 'code' in error && 'data' in error) return { code: error.code, data: error.data };
      throw error;
    }
  }
}
