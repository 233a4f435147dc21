import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileBpf, compileC, compileGuest } from './compile.mjs';
import { EBPM } from './ebpm.mjs';
import { install } from './installed.mjs';
import { interleave, median } from './median.mjs';
import { untilText } from './start.mjs';
import { printTable } from './table.mjs';

/** More events than 16 MB hold, so that the buffer is full. */
const EVENTS = 360_000;
/** How often a process fills and drains the buffer; the first rounds are left out, until the compilers have seen enough. */
const IN_A_ROW = 16;
const WARM_AFTER = 4;
/** What is aimed at. */
const CALLBACK_NS = 200;
const EVENTS_A_SECOND = 3_000_000;
const START_RATIO = 1.3;

/** A WASM guest in C that looks at every event, and how long a WASM package takes to start. */
export async function wasm(bench) {
  await drainAsGuest(bench);
  await startAsGuest(bench);
}

async function drainAsGuest({ folder, rounds }) {
  const runs = await interleave(
    {
      'C with libbpf, a callback that copies': () => drainInC(folder),
      'a WASM guest that looks at every event': () => drainInGuest(folder),
    },
    rounds,
  );
  const all = Object.fromEntries(Object.entries(runs).map(([name, processes]) => [name, processes.flat()]));
  const msOf = (rows) => rows.map(({ ns }) => ns / 1e6);
  printTable(
    'draining a full ring buffer of 16 MB',
    Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, msOf(rows)])),
  );
  const perEvent = median(Object.values(all)[1].map(({ ns, events }) => ns / events));
  const rate = (1000 / perEvent).toFixed(1);
  console.log(`  a guest takes ${perEvent.toFixed(1)} ns an event (aim: ${CALLBACK_NS}), ${rate} million a second`);
  console.log(`  (aim: ${EVENTS_A_SECOND / 1e6} million)`);
}

function drainInC(folder) {
  const words = [compileBpf('flood', folder), compileC('flood', folder), 'copy', String(IN_A_ROW), String(EVENTS)];
  const { stderr, status } = spawnSync(compileC('consume', folder), words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`consume ended with ${status}: ${stderr}`);
  return warmRows(stderr);
}

/** The flooding process is there first, so that the object can be made for it. */
async function drainInGuest(folder) {
  const flood = spawn(compileC('flood', folder), { stdio: ['pipe', 'ignore', 'inherit'] });
  const object = readFileSync(compileBpf('flood', folder, { TARGET: flood.pid }));
  const module = compileGuest('guest-drain', folder, { object });
  const env = { PATH: process.env.PATH, EBPM_HOME: join(folder, 'home') };
  const words = [EBPM, 'run', module, String(IN_A_ROW), String(EVENTS)];
  const run = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(run, 'close');
  let [stdout, stderr, fills] = ['', '', 0];
  run.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  run.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const wanted = stdout.split('fill\n').length - 1; fills < wanted; fills++)
      flood.stdin.write(`count ${EVENTS}\n`);
  });
  const [code] = await exited;
  flood.stdin.end();
  if (code !== 0) throw new Error(`the guest ended with ${code}: ${stderr}`);
  return warmRows(stdout.replaceAll('fill\n', ''));
}

function warmRows(text) {
  const rows = text.trim().split('\n').slice(WARM_AFTER);
  return rows.map((row) => row.split(' ').map(Number)).map(([ns, events]) => ({ ns, events }));
}

/** The same object in a JSON package and in a module, both installed. */
async function startAsGuest({ pkg, packagePath, option, folder, rounds }) {
  const home = join(folder, 'wasm-home');
  const me = String(process.pid);
  const object = withFilter(pkg.checked.bytes, option, folder);
  const names = pkg.checked.object.programs.map(({ name }) => JSON.stringify(name)).join(',');
  const module = compileGuest('guest-start', folder, { object, macros: { PROGRAMS: names } });
  await install({ path: packagePath, name: 'as-json', home });
  await install({ path: module, name: 'as-wasm', home, entry: 'app.wasm' });
  const env = { PATH: process.env.PATH, HOME: folder, EBPM_HOME: home };
  const json = [EBPM, 'run', 'as-json', '--', '--filtered_pid', me];
  const samples = await interleave(
    {
      'the JSON package, until attached': () => untilText(process.execPath, json, 'attached', env),
      'a WASM package of the same object': () =>
        untilText(process.execPath, [EBPM, 'run', 'as-wasm'], 'all attached\n', env),
    },
    rounds * 3,
  );
  printTable('whole process, 12 system call tracepoints and a signal one', samples);
  console.log(`  aim: x ${START_RATIO.toFixed(2)}`);
}

/** The object with its filter set to this process. */
function withFilter(bytes, option, folder) {
  const [object, section] = [join(folder, 'filtered.o'), join(folder, 'section')];
  writeFileSync(object, bytes);
  objcopy('--dump-section', `${option.section}=${section}`, object);
  const data = readFileSync(section);
  data.writeUInt32LE(process.pid, option.offsetBytes);
  writeFileSync(section, data);
  objcopy('--update-section', `${option.section}=${section}`, object);
  return readFileSync(object);
}

function objcopy(...words) {
  const { stderr, status } = spawnSync('llvm-objcopy', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`llvm-objcopy ended with ${status}: ${stderr}`);
}
