// `node bench/judge.mjs`: how many eBPF objects are read and judged in a second of one core, with hashing and the canonical bytes of their
// facts. Time is that of the processor, so that a busy machine changes little. The packages are those of the golden facts.
import { readdirSync, readFileSync } from 'node:fs';
import { readPackageContent } from '@ebpm/formats';
import { factsBytes, judge, packageFacts, readObject } from '@ebpm/object';
import { median } from './median.mjs';

const FOLDER = new URL('../packages/object/test/facts/golden/', import.meta.url);
const ROUNDS = 7;
const OBJECTS = 300;

for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.json'))) {
  const { object } = readPackageContent(new Uint8Array(readFileSync(new URL(name, FOLDER))), name);
  const files = [{ path: 'object.bpf.o', bytes: object }];
  const readMs = processorMs(() => readObject(object));
  const judgedMs = processorMs(() => {
    const facts = packageFacts(files);
    judge(facts);
    factsBytes(facts);
  });
  const rate = Math.round(1000 / judgedMs);
  console.log(
    `${name.padEnd(24)} ${String(object.length).padStart(6)} bytes: read in ${readMs.toFixed(2)} ms, read and judged in ${judgedMs.toFixed(2)} ms, ${rate} a second`,
  );
}

/** The median over some rounds of what one call takes. */
function processorMs(call) {
  for (let warmUp = 0; warmUp < OBJECTS; warmUp++) call();
  const samples = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let count = 0; count < OBJECTS; count++) call();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / OBJECTS;
  });
  return median(samples);
}
