import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../median.mjs';
import { ebpmSender } from './publish.mjs';
import { samplePackage } from './sample.mjs';
import { runEbpm, startEbpm } from './servers.mjs';

const SECONDS = 8;
const FLOOD = fileURLToPath(new URL('flood.mjs', import.meta.url));

/** Files in an archive of 20 MB: the most that may be in one, of which the log can list no more than a few, and as many as are accepted. */
const FILES = [999, 100];

/** How long others wait while somebody publishes the largest archives that are read, one after another. */
export async function hostileUploads({ folder, rounds }) {
  const place = { store: `file:${join(folder, 'hostile')}`, keyFile: join(folder, 'key') };
  runEbpm(place, {}, 'user', 'add', 'bench');
  const token = runEbpm(place, {}, 'token', 'create', 'bench');
  const { url, stop } = await startEbpm({ folder, name: 'hostile-data', place });
  try {
    await ebpmSender([url], token)(samplePackage('sigsnoop'), 0);
    // What a program does in its first thousands of requests is compiled while it does it; without this, idle would seem longer than it is.
    await waitsDuringUploads(url, token, FILES[1]);
    for (const files of FILES) {
      const samples = [];
      for (let round = 0; round < rounds; round++) samples.push(await waitsDuringUploads(url, token, files));
      print(files, samples);
    }
  } finally {
    await stop();
  }
}

async function waitsDuringUploads(url, token, files) {
  const idle = await waits(url);
  const flood = spawn(process.execPath, [FLOOD, url, token, String(SECONDS), String(files)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(flood.stdout, 'data');
  const ended = once(flood, 'exit');
  const [[uploads], busy] = await Promise.all([once(flood.stdout, 'data'), waits(url)]);
  await ended;
  return { idle, busy, uploads: Number(uploads) };
}

function print(files, samples) {
  console.log(`\nother requests during a stream of archives of 20 MB in ${files} files, ${SECONDS} s each`);
  for (const { idle, busy, uploads } of samples) {
    console.log(
      `  p99 idle ${idle.toFixed(1)} ms, during ${uploads} uploads ${busy.toFixed(1)} ms, x ${(busy / idle).toFixed(2)}`,
    );
  }
  console.log(`  ratio: ${median(samples.map(({ idle, busy }) => busy / idle)).toFixed(2)} (aim at most 3)`);
}

/** The p99 of what other clients ask for, 100 times a second: answers from memory and from the index. */
async function waits(url) {
  const paths = [
    '/api/v1/packages/sigsnoop',
    '/api/v1/packages/sigsnoop/versions/1.0.0',
    '/api/v1/search?q=sig',
    '/healthz',
  ];
  const agent = new Agent({ keepAlive: true });
  const untilMs = performance.now() + SECONDS * 1000;
  const times = [];
  for (let i = 0; performance.now() < untilMs; i++) {
    times.push(await timeOf(`${url}${paths[i % paths.length]}`, agent));
    await sleep(10);
  }
  agent.destroy();
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
}

function timeOf(url, agent) {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      answer.resume().on('end', () => resolve(performance.now() - startedMs));
    }).on('error', reject);
  });
}
