import { deflateRawSync } from 'node:zlib';
import { digestOf } from '@ebpm/formats';
import { FACTS_VERSION, factsBytes, packageFacts } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../object/test/compile-fixture.js';
import { packFacts, unpackFacts } from '../../src/publish/packed-facts.js';

const FACTS = packageFacts([{ path: 'tracer.bpf.o', bytes: compileFixture('tracer').bytes }]);
const pack = (text: string | Uint8Array) => deflateRawSync(text).toString('base64');

describe('packFacts()', () => {
  it('packs facts so that they come back, with the digest of the bytes that a client makes', () => {
    const { facts = '', factsDigest, factsVersion } = packFacts(FACTS);
    expect({ factsDigest, factsVersion }).toEqual({
      factsDigest: digestOf(factsBytes(FACTS)),
      factsVersion: FACTS_VERSION,
    });
    expect(unpackFacts(facts)).toEqual(FACTS);
    expect(facts.length).toBeLessThan(factsBytes(FACTS).length / 2);
  });

  it('leaves out facts that are too long for the log, and keeps their digest', () => {
    const [object] = FACTS.objects;
    const names = Array.from({ length: 2_000 }, (_, n) => `t.${digestOf(Buffer.from(String(n)))}`);
    const program = { ...object?.programs[0], fields: names } as (typeof FACTS.objects)[number]['programs'][number];
    const large = { ...FACTS, objects: FACTS.objects.map((one) => ({ ...one, programs: [program] })) };
    expect(packFacts(large)).toEqual({
      factsVersion: FACTS_VERSION,
      factsDigest: digestOf(factsBytes(large)),
      facts: undefined,
    });
  });
});

describe('unpackFacts()', () => {
  it.each([
    ['no base64 of anything packed', '!!!'],
    ['what is not JSON', pack('{"version":')],
    ['JSON that is no facts', pack('{"version":1,"objects":[{}]}')],
    ['what unpacks to more than facts may have', pack(new Uint8Array(2 ** 21))],
    ['what is longer than facts may be', 'A'.repeat(9_000)],
  ])('gives nothing for %s', (_what, packed) => {
    expect(unpackFacts(packed)).toBeUndefined();
  });
});
