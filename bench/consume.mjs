// The same as consume.c, through the addon and the printers. Usage:
//   node consume.mjs OBJECT FLOOD copy|json|table ROUNDS EVENTS
//   node consume.mjs OBJECT FLOOD epoll SECONDS
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdtempSync, openSync, read, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createPrinter, recordType } from '@ebpm/events';
import { openObject } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';

const [path, floodProgram, mode, count, events] = process.argv.slice(2);
const STDOUT = 1;

// Orders and answers go through FIFOs, so that they can be waited for without the event loop, which would read events meanwhile.
const folder = mkdtempSync(join(tmpdir(), 'ebpm-consume-'));
execFileSync('mkfifo', [join(folder, 'orders'), join(folder, 'answers')]);
const orders = openSync(join(folder, 'orders'), constants.O_RDWR);
const answers = openSync(join(folder, 'answers'), constants.O_RDWR);
const answer = Buffer.alloc(32);
const flood = spawn(floodProgram, { stdio: [orders, answers, 'inherit'] });
const checked = CheckedObject.read(readFileSync(path));
const running = start();
if (mode === 'epoll') await besideTheFlood();
else drainAgainAndAgain();
flood.kill();
await once(flood, 'exit');
running.close();
rmSync(folder, { recursive: true });

function start() {
  const open = openObject(checked, { name: 'flood' });
  const target = Buffer.alloc(4);
  target.writeUInt32LE(flood.pid);
  open.setInitialValue('.rodata', target);
  return open.load().attach();
}

async function besideTheFlood() {
  let received = 0;
  const consumer = running.consume('events', (batch) => {
    received += batch.count;
  });
  writeSync(orders, `seconds ${count}\n`);
  const { bytesRead } = await promisify(read)(answers, answer, 0, answer.length, null);
  consumer.drain();
  consumer.close();
  console.error(`${Number(answer.subarray(0, bytesRead))} ${received}`);
}

function drainAgainAndAgain() {
  let received = 0;
  const print = mode === 'copy' ? () => {} : printing();
  const consumer = running.consume('events', (batch) => {
    received += batch.count;
    print(batch);
  });
  for (let round = 0; round < Number(count); round++) {
    writeSync(orders, `count ${events}\n`);
    readSync(answers, answer);
    received = 0;
    const started = process.hrtime.bigint();
    consumer.drain();
    console.error(`${process.hrtime.bigint() - started} ${received}`);
  }
  consumer.close();
}

/** What `ebpm run` does with a batch. */
function printing() {
  const { btf } = checked.object;
  const printer = createPrinter(mode, recordType(btf, btf.find('event', 'struct').id));
  return (batch) => {
    const text = printer.print(batch);
    for (let at = 0; at < text.length; ) at += writeSync(STDOUT, text, at);
  };
}
