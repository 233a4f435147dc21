import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listedVersions, publishTo, servedDigest, testPackage } from './published-package.js';
import { newToken, RegistryProcess } from './registry-process.js';
import { logLines, type OpenedPlace, REGISTRY_STORES } from './registry-stores.js';

const PUBLISHERS = 8;
const ROUNDS = 10;
const VERSIONS_EACH = 25;

describe.each(REGISTRY_STORES)('two registry processes on $name', ({ open }) => {
  let opened: OpenedPlace;
  let servers: readonly RegistryProcess[];
  let token: string;

  beforeAll(async () => {
    opened = await open();
    token = await newToken(opened.place, 'alice');
    servers = await Promise.all([RegistryProcess.start(opened.place), RegistryProcess.start(opened.place)]);
  });
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.end('SIGKILL')));
    await opened?.close();
  });

  /** The server that the n-th publisher talks to. */
  const urlFor = (publisher: number): string => servers[publisher % servers.length]?.url ?? '';
  const publishers = Array.from({ length: PUBLISHERS }, (_, publisher) => publisher);

  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'give one of eight different contents the version, and 409 to seven (round %i)',
    async (round) => {
      const name = `contents-${round}`;
      const samples = publishers.map((publisher) => testPackage(name, '1.0.0', `by ${publisher}`));
      const answers = await Promise.all(samples.map((sample, i) => publishTo(urlFor(i), token, sample)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(PUBLISHERS - 1).fill(409)]);
      const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
        code?: string;
        digest?: string;
      }[];
      expect(bodies.filter(({ code }) => code === 'EBPM_VERSION_EXISTS')).toHaveLength(PUBLISHERS - 1);

      const winner = bodies.find(({ digest }) => digest !== undefined)?.digest ?? '';
      for (const { url } of servers) {
        expect(await listedVersions(url, name)).toMatchObject([{ version: '1.0.0', digest: winner }]);
        expect(await servedDigest(url, winner)).toBe(winner);
      }
    },
  );

  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'give eight equal contents eight successes with one operation (round %i)',
    async (round) => {
      const sample = testPackage(`equal-${round}`, '1.0.0');
      const answers = await Promise.all(publishers.map((publisher) => publishTo(urlFor(publisher), token, sample)));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(PUBLISHERS - 1).fill(200), 201]);
      const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { seq: number }[];
      expect(new Set(bodies.map(({ seq }) => seq)).size).toBe(1);
      const operations = (await logLines(opened.place)).filter((line) => line.includes(`"name":"${sample.name}"`));
      expect(operations).toHaveLength(1);
    },
  );

  it('keep all of 8 x 25 different versions', async () => {
    const samples = publishers.map((publisher) =>
      Array.from({ length: VERSIONS_EACH }, (_, i) => testPackage('many', `${publisher}.${i}.0`, `${publisher} ${i}`)),
    );
    const seen: string[] = [];
    await Promise.all(
      samples.map(async (own, publisher) => {
        for (const sample of own) {
          const answer = await publishTo(urlFor(publisher), token, sample);
          expect(answer.status).toBe(201);
          seen.push(answer.headers.get('ebpm-seq') ?? '');
        }
      }),
    );
    const newest = seen.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).at(-1);
    const wanted = samples.flat().map(({ version, digest }) => ({ version, digest }));
    const late = await RegistryProcess.start(opened.place);
    for (const { url } of [...servers, late]) {
      const listed = await listedVersions(url, 'many', newest);
      expect(listed).toHaveLength(PUBLISHERS * VERSIONS_EACH);
      expect(listed).toEqual(expect.arrayContaining(wanted.map((version) => expect.objectContaining(version))));
      for (const { digest } of wanted) expect(await servedDigest(url, digest)).toBe(digest);
    }
    await late.end('SIGKILL');
  });
});
