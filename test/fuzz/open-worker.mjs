// Opens what comes on stdin, object by object, as `ebpm run` does before anything is loaded: our reader, then libbpf.
//
//   in:   u32 length (little-endian), the object
//   out:  one byte: "a" accepted, "r" refused, "!" anything else, which also ends the process
import { readSync, writeSync } from 'node:fs';

// The loader, or a copy of it with another addon.
const { openObject } = await import(process.argv[2] ?? '@ebpm/loader');

for (;;) {
  const length = read(4);
  if (length === undefined) break;
  const bytes = read(length.readUInt32LE());
  if (bytes === undefined) break;
  writeSync(1, open(bytes));
}

function open(bytes) {
  try {
    openObject(bytes, { name: 'fuzzed_bpf' }).close();
    return 'a';
  } catch (error) {
    if (String(error.code).startsWith('EBPM_')) return 'r';
    writeSync(1, '!');
    throw error;
  }
}

function read(size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const count = readSync(0, bytes, at, size - at);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}
