import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { interleave, median } from '../median.mjs';
import { ebpmSender, oneQueue, publishRate } from './publish.mjs';
import { printRates, printRatio } from './report.mjs';
import { samplePackage } from './sample.mjs';
import { runEbpm, startEbpm } from './servers.mjs';

const SECONDS = 6;
const PUBLISHERS = 32;

/** Publishes on Ceph's S3 with 2 replicas, beside bare clients that only PUT the same archives there. */
export async function s3Publishes({ folder, rounds }) {
  const ceph = await startCeph();
  const servers = [];
  try {
    const credentials = { accessKeyId: ceph.accessKey, secretAccessKey: ceph.secretKey };
    const env = { AWS_ACCESS_KEY_ID: ceph.accessKey, AWS_SECRET_ACCESS_KEY: ceph.secretKey };
    const client = new S3Client({ endpoint: ceph.endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
    for (const Bucket of ['registry', 'bare']) await client.send(new CreateBucketCommand({ Bucket }));
    const place = { store: `s3://registry?endpoint=${ceph.endpoint}`, keyFile: join(folder, 'key') };
    runEbpm(place, env, 'user', 'add', 'bench');
    const token = runEbpm(place, env, 'token', 'create', 'bench');
    for (const name of ['replica-1', 'replica-2']) servers.push(await startEbpm({ folder, name, place, env }));
    const urls = servers.map(({ url }) => url);
    const send = ebpmSender(urls, token);
    const putBare = async ({ archive, digest }) => {
      await client.send(new PutObjectCommand({ Bucket: 'bare', Key: digest, Body: archive }));
      return true;
    };
    let packages = [];
    let round = 0;
    const perPublish = [];
    const samples = await interleave(
      {
        async ebpm() {
          packages = Array.from({ length: 4_000 }, (_, i) => samplePackage(`r${round}-${i}`));
          round++;
          const before = await seqOf(urls[0]);
          const { rate, accepted } = await rateOf(packages, send);
          perPublish.push(((await seqOf(urls[0])) - before) / accepted);
          return rate;
        },
        'bare PUT': async () => (await rateOf(packages, putBare)).rate,
      },
      rounds,
    );
    client.destroy();
    printRates(
      `publishes of ${PUBLISHERS} publishers through 2 replicas on Ceph RGW, 20.7 KB each`,
      samples,
      'publishes/s',
    );
    printRatio(samples, ['ebpm', 'bare PUT'], 0.5);
    console.log(`  log entries a publish: ${median(perPublish).toFixed(2)} (aim at most 0.25)`);
  } finally {
    for (const server of servers) await server.stop();
    await ceph.stop();
  }
}

function rateOf(packages, send) {
  return publishRate({ next: oneQueue(packages), publishers: PUBLISHERS, seconds: SECONDS, send });
}

async function seqOf(url) {
  return (await (await fetch(`${url}/healthz`)).json()).seq;
}

async function startCeph() {
  const script = fileURLToPath(new URL('../../scripts/ceph-rgw.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => undefined)]);
  if (line === undefined) throw new Error('The S3 server did not start; the reason stands above');
  return {
    ...JSON.parse(line[0]),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
