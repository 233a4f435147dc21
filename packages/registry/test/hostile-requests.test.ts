import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.js';
import { publish, RegistryWorld } from './registry-world.js';
import { samplePackage } from './sample-package.js';
import { requestArbitrary } from './support/request-arbitrary.js';

/** `npm run soak` sends many more. */
const REQUESTS = Number(process.env['EBPM_HOSTILE_REQUESTS'] ?? 1_000);
const BATCH = 25;
const sample = samplePackage();

let world: RegistryWorld;
let app: FastifyInstance;
let requests: fc.Arbitrary<Parameters<typeof send>[0]>;

beforeAll(async () => {
  world = new RegistryWorld();
  const replica = await world.replica();
  const tokens = [await world.tokenOf('alice', replica), await world.tokenOf('bob', replica)];
  await publish(replica, tokens[0] ?? '', sample);
  // Nothing is limited here: who is refused for asking too often asks nothing.
  app = buildApp({ registry: replica.registry, settings: { requestsPerMinute: 0, refusalsPerMinute: 0 } });
  const document = (await app.inject('/api/v1/openapi.json')).json();
  const second = samplePackage({ version: '1.0.1' });
  requests = requestArbitrary(document, {
    tokens,
    bodies: [sample, second].map(({ archive }) => Buffer.from(archive)),
    values: {
      name: ['sigsnoop', '@acme/x', 'other'],
      version: ['1.0.0', '1.0.1', '2.0.0-rc.1'],
      hex: [sample.digest.slice(7)],
      'ebpm-digest': [sample.digest, second.digest],
      tag: ['latest', 'next'],
      q: ['sig', 'sigsnoop'],
    },
  });
}, 60_000);
afterAll(async () => {
  await app.close();
  await world.close();
});

async function send({
  method,
  url,
  headers,
  payload,
}: {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: Buffer | undefined;
}) {
  const answer = await app.inject({
    method: method as 'GET',
    url,
    headers,
    payloadAsStream: true,
    ...(payload !== undefined && { payload }),
  });
  const type = String(answer.headers['content-type'] ?? '');
  // A stream of events never ends by itself: the client goes away.
  if (type.startsWith('text/event-stream')) answer.raw.res.destroy();
  const body = type.startsWith('text/event-stream') ? '' : await text(answer.stream());
  return { method, status: answer.statusCode, body, type };
}

const isAllowed = (seen: unknown) => seen === 'EBPM_REGISTRY_BEHIND' || Number(seen) < 500;

describe('any request to any route of the OpenAPI document', () => {
  it(`is answered without a failure of the server, ${REQUESTS} times`, {
    timeout: 30_000 + REQUESTS * 30,
  }, async () => {
    const statuses = new Map<number, number>();
    // Many at a time, as a server gets them: wrong tokens wait for the next look into the log together.
    const batches = fc.array(requests, { minLength: BATCH, maxLength: BATCH });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        for (const { method, status, body, type } of await Promise.all(batch.map(send))) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          // 503 is for what a reader has seen and this replica has not.
          expect(status === 503 ? JSON.parse(body).code : status).toSatisfy(isAllowed);
          if (status < 400 || method === 'HEAD') continue;
          expect(type).toMatch(/^application\/json/);
          expect(JSON.parse(body)).toEqual(
            expect.objectContaining({ code: expect.stringMatching(/^EBPM_/), message: expect.any(String) }),
          );
        }
      }),
      { numRuns: REQUESTS / BATCH, endOnFailure: true },
    );
    // They get to all kinds of answers, and not only to the first check.
    for (const status of [200, 400, 401, 404]) expect(statuses.get(status) ?? 0).toBeGreaterThan(REQUESTS / 200);
  });
});
