import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compileBpf, compileC } from './compile.mjs';
import { interleave, median } from './median.mjs';

const CONSUME = fileURLToPath(new URL('consume.mjs', import.meta.url));
const SECONDS = '10';

/** Events that each call of the flooding process sends: with one its own system calls are most of the work, with more they come faster. */
const EVENTS_A_CALL = [1, 3];

/** How far a process gets that floods a ring buffer of 16 MB from one core for 10 s, and what is lost of it. */
export async function flooding({ folder, rounds }) {
  for (const events of EVENTS_A_CALL) await flood(events, { folder, rounds });
}

async function flood(events, { folder, rounds }) {
  const object = compileBpf('flood', folder, { EVENTS: events });
  const words = [object, compileC('flood', folder), 'epoll', SECONDS];
  const consumer = compileC('consume', folder);
  const runs = await interleave(
    {
      'C with libbpf and epoll': () => beside([consumer, ...words]),
      ebpm: () => beside([process.execPath, CONSUME, ...words]),
    },
    rounds,
  );
  console.log(`\na flood for ${SECONDS} s, ${events} event${events === 1 ? '' : 's'} a call`);
  const least = median(runs['C with libbpf and epoll'].map(({ calls }) => calls));
  for (const [name, results] of Object.entries(runs)) {
    const calls = median(results.map((result) => result.calls));
    const lost = results.reduce((sum, result) => sum + result.calls * events - result.received, 0);
    const text = `${((calls * events) / 1e6).toFixed(2).padStart(7)} million events  x ${(calls / least).toFixed(2)}`;
    console.log(`  ${name.padEnd(24)}  ${text}   (${results.length} runs, ${lost} lost in all)`);
  }
}

function beside([program, ...words]) {
  const { stderr, status } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  const [calls, received] = stderr.trim().split(' ').map(Number);
  return { calls, received };
}
