import { gzipSync } from 'node:zlib';
import { packTar } from '@ebpm/formats';

/** A file of an archive as no packer of ours writes it. */
interface RawEntry {
  readonly path: string | Buffer;
  readonly type?: string;
  readonly link?: string;
  readonly content?: Buffer;
  /** What the header says, where it lies. */
  readonly sizeBytes?: number;
}

const MANIFEST = Buffer.from(JSON.stringify({ manifest: 1, name: 'hostile', version: '1.0.0' }));
const manifest: RawEntry = { path: 'ebpm.json', content: MANIFEST };
const sound = packTar([
  { path: 'ebpm.json', bytes: MANIFEST },
  { path: 'package.json', bytes: Buffer.from('x') },
]);

/** Archives that must all be refused, by what is wrong with them. */
export function hostileArchives(): readonly (readonly [what: string, archive: Buffer])[] {
  const many = Array.from({ length: 5_000 }, (_, i) => ({ path: `f${i}` }));
  return [
    ['nothing', Buffer.alloc(0)],
    ['random bytes', Buffer.from('no archive at all'.repeat(100))],
    ['20 MiB of zeros', Buffer.alloc(20 * 1024 * 1024)],
    ['a gzip bomb', gzipSync(Buffer.alloc(50 * 1024 * 1024))],
    ['a sound archive, gzipped', gzipSync(sound)],
    ['a truncated archive', Buffer.from(sound.subarray(0, 1_000))],
    ['something behind the end', Buffer.concat([sound, Buffer.from('more'.repeat(128))])],
    ['a file larger than the archive', tar([manifest, { path: 'bomb', sizeBytes: 8 * 1024 ** 3 - 1 }])],
    ['a symbolic link', tar([manifest, { path: 'x', type: '2', link: '/etc/passwd' }])],
    ['a hard link', tar([manifest, { path: 'x', type: '1', link: 'ebpm.json' }])],
    ['a character device', tar([manifest, { path: 'x', type: '3' }])],
    ['a block device', tar([manifest, { path: 'x', type: '4' }])],
    ['a pipe', tar([manifest, { path: 'x', type: '6' }])],
    ['a directory', tar([manifest, { path: 'x/', type: '5' }])],
    ['a pax header', tar([{ path: 'pax', type: 'x', content: Buffer.from('20 path=../../x\n') }, manifest])],
    ['the same file twice', tar([manifest, manifest])],
    ['files that differ only in case', tar([{ path: 'A' }, { path: 'a' }, manifest])],
    ['a path that climbs out', tar([manifest, { path: '../x' }])],
    ['a path that climbs out in the middle', tar([manifest, { path: 'a/../../x' }])],
    ['an absolute path', tar([manifest, { path: '/etc/cron.d/x' }])],
    ['a Windows path', tar([manifest, { path: 'C:\\x' }])],
    ['a path that is no UTF-8', tar([manifest, { path: Buffer.from([0x66, 0xff, 0xfe]) }])],
    ['a path with a line feed', tar([manifest, { path: 'a\nb' }])],
    ['a file that is a folder of another', tar([manifest, { path: 'x' }, { path: 'x/y' }])],
    ['too many files', tar([manifest, ...many])],
    ['a manifest of 1 MB', tar([{ path: 'ebpm.json', content: Buffer.alloc(1_000_000, 0x20) }])],
    ['a manifest that nests deeply', tar([{ path: 'ebpm.json', content: Buffer.from('['.repeat(200_000)) }])],
    ['a manifest that is no UTF-8', tar([{ path: 'ebpm.json', content: Buffer.from([0x7b, 0xff, 0x7d]) }])],
  ];
}

function tar(entries: readonly RawEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const { content = Buffer.alloc(0) } = entry;
    return [header(entry), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** POSIX.1-1988 section 10.1.1: names, octal numbers, and a sum over all bytes with that of the sum taken as spaces. */
function header({
  path,
  type = '0',
  link = '',
  content = Buffer.alloc(0),
  sizeBytes = content.length,
}: RawEntry): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(path).copy(block, 0, 0, 100);
  for (const [at, text] of [
    [100, '0000644\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${sizeBytes.toString(8).padStart(11, '0')}\0`],
    [136, '00000000000\0'],
    [148, '        '],
    [156, type],
    [157, link],
    [257, 'ustar\0' + '00'],
  ] as const) {
    block.write(text, at, 'latin1');
  }
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
