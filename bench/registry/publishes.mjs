import { join } from 'node:path';
import { interleave } from '../median.mjs';
import { ebpmSender, npmPackage, npmSender, publishRate } from './publish.mjs';
import { printRates, printRatio } from './report.mjs';
import { samplePackage } from './sample.mjs';
import { runEbpm, startEbpm, startVerdaccio } from './servers.mjs';

const SECONDS = 5;
/** At a time, each with the next package as soon as it has an answer. */
const PUBLISHERS = [32, 128];
/** What a program does in its first thousands of requests is compiled while it does it. */
const WARM_UP = { ebpm: 3_000, verdaccio: 1_000 };

/**
 * Publishes of new packages into a directory, beside verdaccio. What is sent is made before the time begins, and both have been at it before.
 * A package is a manifest and bytes that do not compress, not an eBPF object; what reading one takes is in `bench/judge.mjs`.
 */
export async function publishes({ folder, rounds }) {
  const place = { store: `file:${join(folder, 'publishes')}`, keyFile: join(folder, 'key') };
  runEbpm(place, {}, 'user', 'add', 'bench');
  const token = runEbpm(place, {}, 'token', 'create', 'bench');
  const ebpm = await startEbpm({ folder, name: 'publishes-data', place });
  const verdaccio = await startVerdaccio(join(folder));
  let count = 0;
  const ours = (many) => Array.from({ length: many }, () => samplePackage(`ours-${count++}`));
  const theirs = (many) =>
    Array.from({ length: many }, () => npmPackage(samplePackage(`theirs-${count++}`), verdaccio.url));
  // Each time with connections of its own: those that wait are closed.
  const toOurs = () => ebpmSender([ebpm.url], token);
  const toTheirs = () => npmSender(verdaccio.url);
  try {
    await rateOf(ours(WARM_UP.ebpm), 32, toOurs());
    await rateOf(theirs(WARM_UP.verdaccio), 32, toTheirs());
    for (const publishers of PUBLISHERS) {
      const samples = await interleave(
        {
          ebpm: () => rateOf(ours(6_000), publishers, toOurs()),
          verdaccio: () => rateOf(theirs(2_000), publishers, toTheirs()),
        },
        rounds,
      );
      printRates(`publishes of ${publishers} publishers, 20.7 KB each, on a directory`, samples, 'publishes/s');
      printRatio(samples, ['ebpm', 'verdaccio'], 5);
    }
  } finally {
    await ebpm.stop();
    await verdaccio.stop();
  }
}

async function rateOf(packages, publishers, send) {
  return (await publishRate({ packages, publishers, seconds: SECONDS, send })).rate;
}
