import { join } from 'node:path';
import { interleave } from '../median.mjs';
import { ebpmSender, npmSender, publishRate } from './publish.mjs';
import { printRates, printRatio } from './report.mjs';
import { samplePackage } from './sample.mjs';
import { runEbpm, startEbpm, startVerdaccio } from './servers.mjs';

const SECONDS = 5;
const PUBLISHERS = 32;

/** Publishes of new packages into a directory, beside verdaccio. */
export async function publishes({ folder, rounds }) {
  const place = { store: `file:${join(folder, 'publishes')}`, keyFile: join(folder, 'key') };
  runEbpm(place, {}, 'user', 'add', 'bench');
  const token = runEbpm(place, {}, 'token', 'create', 'bench');
  const ebpm = await startEbpm({ folder, name: 'publishes-data', place });
  const verdaccio = await startVerdaccio(join(folder));
  let count = 0;
  const packages = (prefix, many) => Array.from({ length: many }, () => samplePackage(`${prefix}-${count++}`));
  try {
    const samples = await interleave(
      {
        ebpm: () => rateOf(packages('ours', 4_000), ebpmSender([ebpm.url], token)),
        verdaccio: () => rateOf(packages('theirs', 1_000), npmSender(verdaccio.url)),
      },
      rounds,
    );
    printRates(`publishes of ${PUBLISHERS} publishers, 20.7 KB each, on a directory`, samples, 'publishes/s');
    printRatio(samples, ['ebpm', 'verdaccio'], 5);
  } finally {
    await ebpm.stop();
    await verdaccio.stop();
  }
}

async function rateOf(packages, send) {
  return (await publishRate({ packages, publishers: PUBLISHERS, seconds: SECONDS, send })).rate;
}
