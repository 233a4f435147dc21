import { describe, expect, it } from 'vitest';
import { parseWasiAllow, type WasiAllow, type WasiWishes, wasiGrants } from '../../src/wasi/grants.js';

const NOTHING = { env: [], folders: [], withheld: [], unasked: [] };

const WISHES: WasiWishes = {
  env: ['HOME', 'TERM'],
  dirs: [
    { path: '/etc/hosts.d', guest: '/etc' },
    { path: '/var/lib/tool', access: 'write' },
    { path: '.', guest: '.' },
  ],
};

function grants(wishes: WasiWishes | undefined, ...words: string[]) {
  const allowed = words.map((word) => parseWasiAllow(word)).filter((one): one is WasiAllow => one !== undefined);
  expect(allowed).toHaveLength(words.length);
  return wasiGrants(wishes, allowed, '/home/me');
}

describe('parseWasiAllow()', () => {
  it('reads variables and folders', () => {
    expect(parseWasiAllow('wasi:env')).toEqual({ kind: 'env', name: undefined });
    expect(parseWasiAllow('wasi:env=HOME')).toEqual({ kind: 'env', name: 'HOME' });
    expect(parseWasiAllow('wasi:dir=/a=b')).toEqual({ kind: 'folder', path: '/a=b', writable: false });
    expect(parseWasiAllow('wasi:write=.')).toEqual({ kind: 'folder', path: '.', writable: true });
  });

  it.each([
    'wasi:',
    'wasi',
    'wasi:all',
    'wasi:env=',
    'wasi:env=A B',
    'wasi:dir',
    'wasi:dir=',
    'wasi:dir=a\0b',
    'WASI:env',
  ])('does not understand %j', (word) => expect(parseWasiAllow(word)).toBeUndefined());
});

describe('wasiGrants()', () => {
  it('gives what is both asked for and allowed', () => {
    expect(
      grants(WISHES, 'wasi:env', 'wasi:dir=/etc/hosts.d/', 'wasi:write=/var/lib/tool', 'wasi:dir=/home/me'),
    ).toEqual({
      env: ['HOME', 'TERM'],
      folders: [
        { path: '/etc/hosts.d', guestPath: '/etc', writable: false },
        { path: '/var/lib/tool', guestPath: '/var/lib/tool', writable: true },
        { path: '/home/me', guestPath: '.', writable: false },
      ],
      withheld: [],
      unasked: [],
    });
  });

  it('gives nothing that was not allowed, and says the words that would', () => {
    const withheld = ['wasi:env', 'wasi:dir=/etc/hosts.d', 'wasi:write=/var/lib/tool', 'wasi:dir=/home/me'];
    expect(grants(WISHES)).toEqual({ ...NOTHING, withheld });
    expect(grants(WISHES, ...withheld)).toMatchObject({ withheld: [], unasked: [] });
  });

  it('gives variables one by one', () => {
    expect(grants(WISHES, 'wasi:env=TERM')).toMatchObject({
      env: ['TERM'],
      withheld: expect.arrayContaining(['wasi:env']),
    });
  });

  it('gives nothing that was not asked for, and says so', () => {
    const words = ['wasi:env=PATH', 'wasi:dir=/', 'wasi:write=/etc'];
    expect(grants({ env: ['HOME'] }, ...words)).toEqual({ ...NOTHING, withheld: ['wasi:env'], unasked: words });
    expect(grants({}, 'wasi:env')).toEqual({ ...NOTHING, unasked: ['wasi:env'] });
  });

  it('a folder above or below is another one', () => {
    const wishes: WasiWishes = { dirs: [{ path: '/etc/hosts.d' }] };
    for (const path of ['/etc', '/', '/etc/hosts.d/x', '/etc/hosts', 'etc/hosts.d']) {
      expect(grants(wishes, `wasi:dir=${path}`).folders).toEqual([]);
    }
    expect(grants(wishes, 'wasi:dir=/etc/x/../hosts.d').folders).toHaveLength(1);
  });

  it('is only for reading where the one does not ask for more, or the other does not allow it', () => {
    const folder = (access: 'read' | 'write', word: string) =>
      grants({ dirs: [{ path: '/data', access }] }, `${word}=/data`);
    expect(folder('read', 'wasi:write').folders).toMatchObject([{ writable: false }]);
    expect(folder('write', 'wasi:dir').folders).toMatchObject([{ writable: false }]);
    expect(folder('write', 'wasi:dir').withheld).toEqual(['wasi:write=/data']);
    expect(folder('write', 'wasi:write').folders).toMatchObject([{ writable: true }]);
  });

  it('gives what is named where no ebpm.json says what is asked for', () => {
    expect(grants(undefined, 'wasi:env=HOME', 'wasi:env=HOME', 'wasi:dir=data', 'wasi:write=/home/me/data')).toEqual({
      ...NOTHING,
      env: ['HOME'],
      folders: [{ path: '/home/me/data', guestPath: '/home/me/data', writable: true }],
    });
    expect(grants(undefined, 'wasi:env')).toEqual({ ...NOTHING, unasked: ['wasi:env'] });
    expect(grants(undefined)).toEqual(NOTHING);
  });
});
