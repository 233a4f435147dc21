import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave } from '../median.mjs';
import { ebpmSender, npmSender } from './publish.mjs';
import { printRates, printRatio } from './report.mjs';
import { samplePackage } from './sample.mjs';
import { runEbpm, startEbpm, startFastify, startNginx, startVerdaccio } from './servers.mjs';
import { wrk } from './wrk.mjs';

/** Reads of a package's document and of its archive, beside verdaccio, nginx and a bare fastify. */
export async function reads({ folder, rounds }) {
  const place = { store: `file:${join(folder, 'reads')}`, keyFile: join(folder, 'key') };
  runEbpm(place, {}, 'user', 'add', 'bench');
  const token = runEbpm(place, {}, 'token', 'create', 'bench');
  const pkg = samplePackage('sigsnoop');
  const servers = [];
  const started = async (starting) => {
    const server = await starting;
    servers.push(server);
    return server.url;
  };
  try {
    const plain = await started(startEbpm({ folder, name: 'plain', place }));
    const logged = await started(startEbpm({ folder, name: 'logged', place, more: ['--access-log'] }));
    const verdaccio = await started(startVerdaccio(folder));
    await ebpmSender([plain], token)(pkg, 0);
    await npmSender(verdaccio)(pkg);
    const index = '/api/v1/packages/sigsnoop';
    const blob = `/api/v1/blobs/${pkg.digest.replace(':', '/')}`;
    const document = await checkedAnswer(`${plain}${index}`);
    await checkedAnswer(`${plain}${blob}`);
    mkdirSync(join(folder, 'static'), { recursive: true });
    writeFileSync(join(folder, 'static/index.json'), document);
    writeFileSync(join(folder, 'static/blob.tar'), pkg.archive);
    const nginx = await started(startNginx(folder));
    const fastify = await started(startFastify([document, Buffer.from(pkg.archive)]));

    const indexes = await interleave(
      {
        ebpm: () => wrk(`${plain}${index}`),
        'ebpm with its access log': () => wrk(`${logged}${index}`),
        fastify: () => wrk(`${fastify}/index.json`),
        nginx: () => wrk(`${nginx}/index.json`),
        verdaccio: () => wrk(`${verdaccio}/sigsnoop`),
      },
      rounds,
    );
    printRates(`index GET, ${document.length} bytes`, indexes);
    printRatio(indexes, ['ebpm', 'verdaccio'], 10);
    printRatio(indexes, ['ebpm', 'fastify'], 0.9);
    printRatio(indexes, ['ebpm with its access log', 'fastify'], 0.5);

    const blobs = await interleave(
      {
        ebpm: () => wrk(`${plain}${blob}`),
        'ebpm with its access log': () => wrk(`${logged}${blob}`),
        fastify: () => wrk(`${fastify}/blob.tar`),
        nginx: () => wrk(`${nginx}/blob.tar`),
        verdaccio: () => wrk(`${verdaccio}/sigsnoop/-/sigsnoop-1.0.0.tgz`),
      },
      rounds,
    );
    printRates(`archive GET, ${pkg.archive.length} bytes`, blobs);
    printRatio(blobs, ['ebpm', 'verdaccio'], 10);
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** What is measured carries the headers that everybody gets. */
async function checkedAnswer(url) {
  const answer = await fetch(url);
  for (const name of ['etag', 'ebpm-request-id', 'x-content-type-options', 'cache-control', 'vary']) {
    if (!answer.headers.has(name)) throw new Error(`${url} has no header "${name}"`);
  }
  return Buffer.from(await answer.arrayBuffer());
}
