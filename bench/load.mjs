// The same as load.c, through the addon. Usage: node load.mjs OBJECT NAME ROUNDS SECTION OFFSET VALUE [CACHE]
// With CACHE, a folder of minimal BTF that has one for the object, it does what the second run of a package does.
import { readFileSync } from 'node:fs';
import { cachedBtf, openObject } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';

const [path, name, rounds, section, offset, value, cache] = process.argv.slice(2);
const bytes = readFileSync(path);
for (let round = Number(rounds); round > 0; round--) {
  const started = process.hrtime.bigint();
  const checked = CheckedObject.read(bytes);
  const open = openObject(checked, cache === undefined ? { name } : { name, btf: found(checked) });
  const data = Buffer.from(open.initialValue(section));
  data.writeInt32LE(Number(value), Number(offset));
  open.setInitialValue(section, data);
  const running = open.load().attach();
  console.log(String(process.hrtime.bigint() - started));
  running.close();
}

function found(checked) {
  const btf = cachedBtf(cache, checked);
  if (!(btf instanceof Uint8Array)) throw new Error(`the cache has nothing for ${path}: ${btf}`);
  return btf;
}
