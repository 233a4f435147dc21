import { Header, type HeaderData } from 'tar/header';

/** One entry of an archive that packTar would never write: any header, and bytes written over it before its checksum is made. */
export interface HostileEntry extends HeaderData {
  readonly body?: Uint8Array;
  readonly overwrite?: Readonly<Record<number, string>>;
}

/** An archive of hostile entries, with the end that every archive has. */
export function hostileTar(...entries: readonly HostileEntry[]): Uint8Array {
  return Buffer.concat([...entries.map(encoded), Buffer.alloc(1024)]);
}

/** A header as packTar writes it, where nothing else is given. */
export const REGULAR = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: new Date(0),
  type: 'File',
  uname: '',
  gname: '',
} as const satisfies HeaderData;

function encoded({ body = new Uint8Array(), overwrite = {}, ...data }: HostileEntry): Uint8Array {
  const block = Buffer.alloc(512);
  new Header({ ...REGULAR, size: body.length, ...data }).encode(block);
  for (const [at, text] of Object.entries(overwrite)) block.write(text, Number(at), 'latin1');
  writeChecksum(block);
  return Buffer.concat([block, body, Buffer.alloc(-body.length & 511)]);
}

/** pax(1), "ustar Interchange Format": the sum of all bytes, its own field read as spaces. */
function writeChecksum(block: Buffer): void {
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')} \0`, 148, 'latin1');
}
