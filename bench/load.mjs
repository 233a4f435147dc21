// The same as load.c, through the addon. Usage: node load.mjs OBJECT NAME ROUNDS SECTION OFFSET VALUE
// It does what `startObject` of the runner does.
import { readFileSync } from 'node:fs';
import { minimalKernelBtf, openObject } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';

const [path, name, rounds, section, offset, value] = process.argv.slice(2);
const bytes = readFileSync(path);
for (let round = Number(rounds); round > 0; round--) {
  const started = process.hrtime.bigint();
  const checked = CheckedObject.read(bytes);
  const open = openObject(checked, { name, btf: minimalKernelBtf(checked.object) });
  const data = Buffer.from(open.initialValue(section));
  data.writeInt32LE(Number(value), Number(offset));
  open.setInitialValue(section, data);
  const running = open.load().attach();
  console.log(String(process.hrtime.bigint() - started));
  running.close();
}
