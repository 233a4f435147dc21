// Attaches what has no link, writes down what is on record, and waits to be killed. Usage: node hold.mjs
import { CASES } from './cases.js';
import { startCase } from './start-case.js';

const running = ['tc', 'struct_ops']
  .flatMap((type) => CASES.find((one) => one.type === type) ?? [])
  .map((one) => startCase(one));
console.log(JSON.stringify(running.flatMap(({ remains }) => remains.map(({ kind }) => kind))));
setInterval(() => {}, 1000);
