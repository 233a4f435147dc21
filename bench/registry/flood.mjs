// node bench/registry/flood.mjs URL TOKEN SECONDS FILES: publishes the largest archives that are read, one after another, and prints how many.
import { ebpmSender } from './publish.mjs';
import { worstPackage } from './sample.mjs';

const [url, token, seconds, files] = process.argv.slice(2);
const send = ebpmSender([url], token);
const packages = Array.from({ length: 3 }, (_, i) => worstPackage(`worst-${process.pid}-${i}`, Number(files)));
process.stdout.write('ready\n');
const untilMs = performance.now() + Number(seconds) * 1000;
let count = 0;
while (performance.now() < untilMs) {
  const pkg = packages[count % packages.length];
  // From the second time on it is a repetition, which is checked and stored all the same; a busy machine may find it too costly.
  await send(pkg, 0).catch((error) => {
    if (!/: (200|422) /.test(error.message)) throw error;
  });
  count++;
}
process.stdout.write(`${count}\n`);
