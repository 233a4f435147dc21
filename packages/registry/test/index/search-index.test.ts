import type { ObjectFacts } from '@ebpm/formats';
import { afterEach, describe, expect, it } from 'vitest';
import { packFacts } from '../../src/publish/packed-facts.js';
import { ALICE, BOB } from '../fold/publish-op.js';
import { NOW, type Sample, SearchWorld } from './search-world.js';

const world = new SearchWorld();
afterEach(() => world.close());
const indexOf = (...samples: readonly Sample[]) => world.indexOf(...samples);

describe('SearchIndex', () => {
  it('filters by the types of programs, as libbpf and as the kernel call them', () => {
    const { names } = indexOf(
      { name: 'a', sections: ['xdp', 'kprobe'] },
      { name: 'b', sections: ['tc'] },
      { name: 'c', sections: ['fentry'] },
      { name: 'd' },
    );
    expect(names('type:xdp')).toEqual(['a']);
    expect(names('type:KPROBE type:xdp')).toEqual(['a']);
    expect(names('type:tc')).toEqual(['b']);
    expect(names('type:sched_cls')).toEqual(['b']);
    expect(names('type:tracing')).toEqual(['c']);
    expect(names('type:fexit')).toEqual([]);
    expect(names('b type:xdp')).toEqual([]);
  });

  it('filters by what programs may do, and takes what it cannot judge for anything', () => {
    const object = { file: 'package.json', part: 0, sha256: '0'.repeat(64), readable: true, maps: [], structOps: [] };
    const program = { name: 'p', section: 'xdp', type: 'xdp', sleepable: false, autoload: true, parameters: [] };
    const reach = { kernelFunctions: [], kernelVariables: [], fields: [], maps: [], tailCalls: [], unknown: [] };
    const writes = { writesContext: false, writesElsewhere: false };
    const drops = { ...program, ...reach, ...writes, helpers: [] };
    const passes = { ...drops, helpers: [{ name: 'send_signal' }], returns: [2] };
    const factsOf = (one: ObjectFacts['programs'][number]) => {
      const packed = packFacts({ version: 1, objects: [{ ...object, programs: [one] }] });
      return { ...packed, facts: packed.facts ?? '' };
    };
    const { names } = indexOf(
      { name: 'a', facts: factsOf(drops) },
      { name: 'b', facts: factsOf(passes) },
      { name: 'c', facts: { ...factsOf(passes), facts: 'damaged' } },
      { name: 'd' },
    );
    expect(names('permission:drops-or-redirects-packets').sort()).toEqual(['a', 'c']);
    expect(names('permission:sends-signals').sort()).toEqual(['b', 'c']);
    expect(names('permission:sees-packet-payload b')).toEqual(['b']);
  });

  it('filters by the oldest kernel that a package is for', () => {
    const { names } = indexOf(
      { name: 'a', manifest: { kernel: '>=4.18' } },
      { name: 'b', manifest: { kernel: '>=5.10' } },
      { name: 'c', manifest: { kernel: '>=5.11' } },
      { name: 'd', sections: ['fentry'] },
      { name: 'e', manifest: { kernel: '>=6.1' } },
      { name: 'f' },
      { name: 'g', manifest: { kernel: '>=999.9999' } },
    );
    expect(names('kernel:<=999.9999')).toHaveLength(6);
    expect(names('kernel:<=5.10').sort()).toEqual(['a', 'b', 'd']);
    expect(names('kernel:4.18')).toEqual(['a']);
    expect(names('kernel:<=6.0').sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(names('kernel:<=7.3').sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(names('kernel:<=2.6')).toEqual([]);
  });

  it('filters by authors, by publishers and by whole keywords', () => {
    const { names } = indexOf(
      { name: 'a', manifest: { authors: ['Jane Doe <jane@example.org>'], keywords: ['Net', 'c"d'] } },
      { name: 'b', manifest: { authors: ['Doe Ray'], keywords: ['network'] }, by: BOB },
    );
    expect(names('author:jane')).toEqual(['a']);
    expect(names('author:DOE').sort()).toEqual(['a', 'b']);
    expect(names('author:example')).toEqual([]);
    expect(names('author:bobby', { publishers: new Map([['bobby', BOB]]) })).toEqual(['b']);
    expect(names('author:"')).toEqual([]);
    expect(names('keyword:net')).toEqual(['a']);
    expect(names('keyword:c"d')).toEqual(['a']);
    expect(names('keyword:networ')).toEqual([]);
  });

  it('never takes a filter for a word, or a word for a filter', () => {
    const { names } = indexOf({
      name: 'a',
      manifest: { keywords: ['x'], description: 'type xdp keyword ƒƒƒkeyword78' },
    });
    expect(names('type:xdp')).toEqual([]);
    expect(names('keyword:keyword')).toEqual([]);
    expect(names('ƒƒƒkeyword78')).toEqual(['a']);
    expect(indexOf({ name: 'b', manifest: { keywords: ['x'] } }).names('ƒƒƒkeyword78')).toEqual([]);
  });

  it('finds what was meant by a word with one mistake, and says so', () => {
    const { page, names } = indexOf(
      { name: 'tcpconnect', manifest: { description: 'Shows connections' } },
      { name: 'tcpconnecx' },
      { name: 'other', manifest: { description: 'Shows connections too' } },
    );
    expect(page('tcpconect')).toMatchObject({ corrected: 'tcpconnect', total: 1 });
    expect(page('shwos conections')).toMatchObject({ corrected: 'shows connections', total: 2 });
    expect(names('tcpconnect')).toEqual(['tcpconnect']);
    expect(page('tcpconnect')).not.toHaveProperty('corrected');
    expect(page('tpccnonect')).toMatchObject({ total: 0, results: [] });
    expect(page('shows tcpconnect type:xdp')).not.toHaveProperty('corrected');
  });

  it('finds a whole name however its parts are joined', () => {
    const { names } = indexOf({ name: 'tcp-connect' }, { name: 'tcpconnectlat' });
    expect(names('tcpconnect')[0]).toBe('tcp-connect');
    expect(names('tcp connect')).toEqual(['tcp-connect']);
  });

  it('finds a word by its beginning of any length, common or not', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ name: `p${i}`, manifest: { description: `tracer${i}` } }));
    const { page } = indexOf(...many, { name: 'one', manifest: { description: 'traceroute файлы' } });
    for (const text of ['tr', 'tra', 'trac', 'tracer1', 'traceroute']) expect(page(text).total).toBeGreaterThan(0);
    expect(page('tra')).toMatchObject({ total: 401, isTotalExact: true });
    expect(page('файл')).toMatchObject({ total: 1 });
  });

  it('shows a page after the one before, whatever is published in between', () => {
    const samples = Array.from({ length: 30 }, (_, i) => ({ name: `tool-${i}`, manifest: { description: 'many' } }));
    const { add, page } = indexOf(...samples);
    const seen: string[] = [];
    let cursor: string | undefined;
    let n = 0;
    do {
      const { results, next } = page('many', { limit: 10, cursor, nowMs: NOW + n * 86_400_000 * 300 });
      seen.push(...results.map(({ name }) => name));
      cursor = next;
      add({ name: `new-${n++}`, manifest: { description: 'many' } });
    } while (cursor !== undefined);
    expect(seen.filter((name) => name.startsWith('tool-'))).toHaveLength(30);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('follows a package to its newer version', () => {
    const { add, names } = indexOf({ name: 'a', manifest: { description: 'apples' }, sections: ['xdp'] });
    add({ name: 'a', version: '2.0.0', manifest: { description: 'pears' }, sections: ['tc'] });
    expect([names('apples'), names('type:xdp')]).toEqual([[], []]);
    expect([names('pears'), names('type:tc')]).toEqual([['a'], ['a']]);
  });

  it('shows private packages to those who may read them alone, and corrects nobody with their words', () => {
    const { names, page } = indexOf(
      { name: 'public', manifest: { description: 'words' } },
      { name: '@alice/secret', manifest: { description: 'words submarine' }, visibility: 'private' },
    );
    const alice = { ids: [ALICE], mayRead: () => true };
    expect(names('words')).toEqual(['public']);
    expect(names('')).toEqual(['public']);
    expect(names('@alice/secret')).toEqual([]);
    expect(names('secret')).toEqual([]);
    expect(page('submarina')).toMatchObject({ total: 0 });
    expect(page('submarina')).not.toHaveProperty('corrected');
    expect(names('words', { viewer: alice }).sort()).toEqual(['@alice/secret', 'public']);
    expect(names('words', { viewer: { ids: [BOB], mayRead: () => false } })).toEqual(['public']);
    expect(names('words', { viewer: { ids: [ALICE], mayRead: () => false } })).toEqual(['public']);
  });
});
