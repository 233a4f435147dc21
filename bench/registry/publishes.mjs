import { join } from 'node:path';
import { interleave } from '../median.mjs';
import { ebpmSender, npmPackage, npmSender, oneQueue, publishRate } from './publish.mjs';
import { printRates, printRatio } from './report.mjs';
import { samplePackage } from './sample.mjs';
import { runEbpm, startEbpm, startVerdaccio } from './servers.mjs';

const SECONDS = 5;
/** At a time, each with the next package as soon as it has an answer. */
const PUBLISHERS = [32, 128];
/**
 * Each is at it before it is measured, since what a program does in its first thousands of requests is compiled while it does it, and is given
 * more than it takes in the time. Beside ebpm, of which each publish carries a token: verdaccio as it comes, with the tokens that its
 * documentation advises where that is too slow, and where it asks nobody who he is.
 */
const MEASURED = {
  ebpm: { warmUp: 3_000, most: 15_000 },
  verdaccio: { auth: 'users', warmUp: 50, most: 2_000 },
  'verdaccio, signed tokens': { auth: 'users with signed tokens', warmUp: 1_000, most: 7_000 },
  'verdaccio, no users': { auth: 'anybody', warmUp: 1_000, most: 7_000 },
};
const [EBPM, ...VERDACCIOS] = Object.keys(MEASURED);

/** What is published, `count` of it, with names that nothing else has. */
const KINDS = {
  'new packages': ({ prefix, count, make }) =>
    oneQueue(Array.from({ length: count }, (_, i) => make(`${prefix}-${i}`, '1.0.0'))),
  'new versions, each publisher of a package of its own': ({ prefix, count, publishers, make }) => {
    const versions = Array.from({ length: Math.ceil(count / publishers) }, (_, i) => `1.${i}.0`);
    const own = Array.from({ length: publishers }, (_, i) =>
      versions.map((version) => make(`${prefix}-${i}`, version)),
    );
    return (publisher) => own[publisher].shift();
  },
};

/**
 * Publishes into a directory, beside verdaccio. What is sent is made before the time begins, and both have been at it before.
 * A package is a manifest and bytes that do not compress, not an eBPF object; what reading one takes is in `bench/judge.mjs`.
 */
export async function publishes({ folder, rounds }) {
  const place = { store: `file:${join(folder, 'publishes')}`, keyFile: join(folder, 'key') };
  runEbpm(place, {}, 'user', 'add', 'bench');
  const token = runEbpm(place, {}, 'token', 'create', 'bench');
  const ebpm = await startEbpm({ folder, name: 'publishes-data', place });
  const running = [ebpm];
  let used = 0;
  // Each time with connections of its own: those that wait are closed.
  const servers = { [EBPM]: { make: samplePackage, sender: () => ebpmSender([ebpm.url], token) } };
  const measure = async (server, kind, publishers, count = MEASURED[server].most) => {
    const { make, sender } = servers[server];
    // No two names may differ in their "-" alone.
    const next = kind({ prefix: `measured-${used++}x`, count, publishers, make });
    return (await publishRate({ next, publishers, seconds: SECONDS, send: sender() })).rate;
  };
  try {
    for (const name of VERDACCIOS) {
      const verdaccio = await startVerdaccio(folder, MEASURED[name].auth);
      running.push(verdaccio);
      servers[name] = {
        make: (name, version) => npmPackage(samplePackage(name, version), verdaccio.url),
        sender: () => npmSender(verdaccio.url, verdaccio.token),
      };
    }
    for (const [server, { warmUp }] of Object.entries(MEASURED))
      await measure(server, KINDS['new packages'], 32, warmUp);
    for (const [what, kind] of Object.entries(KINDS)) {
      for (const publishers of PUBLISHERS) {
        const samples = await interleave(
          Object.fromEntries(Object.keys(servers).map((name) => [name, () => measure(name, kind, publishers)])),
          rounds,
        );
        printRates(
          `${what}: publishes of ${publishers} publishers, 20.7 KB each, on a directory`,
          samples,
          'publishes/s',
        );
        for (const name of VERDACCIOS) printRatio(samples, [EBPM, name], 5);
      }
    }
  } finally {
    for (const server of running) await server.stop();
  }
}
