import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SNAPSHOT_LIMITS } from '../../src/limits-log.js';
import { packMember, splitMembers, unpackMember } from '../../src/snapshots/gzip-members.js';

const MIB = SNAPSHOT_LIMITS.memberSizeBytes;

async function pack(bytes: Uint8Array): Promise<Buffer> {
  const members: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += MIB) members.push(await packMember(bytes.subarray(at, at + MIB)));
  return Buffer.concat(members);
}

/** Unpacks a file that comes in parts of this size. */
async function unpack(file: Uint8Array, partSizeBytes = file.length): Promise<Buffer> {
  async function* parts() {
    for (let at = 0; at < file.length; at += partSizeBytes) yield file.subarray(at, at + partSizeBytes);
  }
  const bytes: Uint8Array[] = [];
  for await (const member of splitMembers(parts())) {
    expect(member.offsetBytes).toBe(bytes.length * MIB);
    bytes.push(await unpackMember(member));
  }
  return Buffer.concat(bytes);
}

/** A header that says that the member has this length. */
function withLength(file: Buffer, length: number): Buffer {
  const changed = Buffer.from(file);
  changed.writeUInt32LE(length, 16);
  return changed;
}

describe('splitMembers()', () => {
  it('finds what packMember() made, in whatever parts it comes', async () => {
    const bytes = Buffer.concat([randomBytes(MIB), Buffer.alloc(MIB), randomBytes(1_000)]);
    const file = await pack(bytes);
    for (const partSizeBytes of [file.length, 100_000, 777])
      expect((await unpack(file, partSizeBytes)).equals(bytes)).toBe(true);
    expect((await unpack(await pack(Buffer.from('x')), 1)).toString()).toBe('x');
  });

  it('is cut out of what any gunzip unpacks', async () => {
    const bytes = randomBytes(MIB + 5);
    expect(gunzipSync(await pack(bytes)).equals(bytes)).toBe(true);
  });

  it.each<[string, (file: Buffer) => Uint8Array | Promise<Uint8Array>]>([
    ['nothing', () => new Uint8Array()],
    ['no gzip', () => randomBytes(1_000)],
    ['gzip of another kind', () => gzipSync('x')],
    ['less than a header', (file) => file.subarray(0, 19)],
    ['a member that is cut short', (file) => file.subarray(0, -1)],
    ['a length that is too small', (file) => withLength(file, 3)],
    ['a length without end', (file) => withLength(file, 0xffffffff)],
    ['a length that is another one', (file) => withLength(file, file.length - 4)],
    ['something behind the last member', (file) => Buffer.concat([file, Buffer.from('x')])],
    ['bytes that were changed', (file) => file.map((byte, i) => (i === 40 ? byte ^ 1 : byte))],
  ])('refuses %s', async (_, change) => {
    await expect(async () => unpack(await change(await pack(randomBytes(200))))).rejects.toThrow(/gzip/);
  });

  it('refuses a member that grows to more than 1 MiB', async () => {
    const bomb = await packMember(Buffer.alloc(MIB + 1));
    await expect(unpack(bomb)).rejects.toThrow(/gzip/);
  });
});
