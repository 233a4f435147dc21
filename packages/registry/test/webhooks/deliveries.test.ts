import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Outbound } from '../../src/outbound.js';
import { Deliveries } from '../../src/webhooks/deliveries.js';
import { DeliveryNotes } from '../../src/webhooks/delivery-notes.js';
import { type LoopbackServer, type SeenRequest, serve } from '../loopback-server.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
let receiver: LoopbackServer;
/** What the receiver answers with. */
let status: (request: SeenRequest) => number;
let elapsedMs: number;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  status = () => 200;
  elapsedMs = 0;
  receiver = await serve((request: SeenRequest, response: ServerResponse) => response.writeHead(status(request)).end());
  open.push(receiver);
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await world.close();
});

/** The deliveries of a process; they do nothing by themselves. */
function deliveriesOf({ registry }: Replica, name: string, mayRead = () => true): Deliveries {
  const clock = { ...systemClock, elapsedMs: () => elapsedMs };
  const outbound = new Outbound({ userAgent: 'test', allow: ['127.0.0.1'] });
  const notes = new DeliveryNotes(world.store, clock, name);
  const { webhooks: book, feed } = registry;
  const deliveries = new Deliveries({ book, notes, feed, outbound, clock, mayRead });
  open.push(outbound, deliveries);
  return deliveries;
}

const webhook = (target = '*') =>
  replica.registry.webhooks.add({
    owner: `u_${'1'.repeat(32)}`,
    target,
    url: `${receiver.url}/hook`,
    after: `${replica.registry.log.head().seq}-999`,
  });

const send = (name: string, version = '1.0.0') => publish(replica, token, samplePackage({ name, version }));
const told = () => receiver.seen.map(({ body }) => JSON.parse(body.toString()).name as string);

/** Takes a turn; so many messages have arrived by then. */
async function until(deliveries: Deliveries, messages: number): Promise<void> {
  await deliveries.turn();
  await deliveries.idle();
  expect(receiver.seen).toHaveLength(messages);
}

describe('Deliveries', () => {
  it('tells a webhook of what happens after it was made, in order, signed', async () => {
    await send('before');
    const { secret } = await webhook();
    for (const name of ['a', 'b', 'c']) await send(name);
    const deliveries = deliveriesOf(replica, 'a');
    await until(deliveries, 3);
    expect(told()).toEqual(['a', 'b', 'c']);
    const [{ headers, body, method, path }] = receiver.seen as [SeenRequest];
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['ebpm-signature'])) ?? [];
    expect([method, path]).toEqual(['POST', '/hook']);
    expect(createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')).toBe(signature);
  });

  it('tells a scope and a package of their own alone, and nobody of what he may not read', async () => {
    await webhook('b');
    for (const name of ['a', 'b', 'c']) await send(name);
    await until(deliveriesOf(replica, 'a'), 1);
    expect(told()).toEqual(['b']);
    await replica.registry.webhooks.list();
    const blind = deliveriesOf(await world.replica(), 'b', () => false);
    elapsedMs += 60_000;
    await blind.turn();
    elapsedMs += 60_000;
    await blind.turn();
    expect(receiver.seen).toHaveLength(1);
  });

  it('tries again after a failure, later each time, and keeps the order', async () => {
    const { id } = await webhook();
    await send('a');
    await send('b');
    const answers = [500, 302, 200, 200];
    status = () => answers.shift() ?? 200;
    const deliveries = deliveriesOf(replica, 'a');
    await until(deliveries, 1);
    await until(deliveries, 1);
    elapsedMs += 5_001;
    await until(deliveries, 2);
    expect((await deliveries.states())[id]).toMatchObject({ failures: 2, outcome: '302' });
    elapsedMs += 5_001;
    await until(deliveries, 2);
    elapsedMs += 5_000;
    await until(deliveries, 4);
    expect(told()).toEqual(['a', 'a', 'a', 'b']);
  });

  it('gives a change up after 16 attempts, and a webhook that answers 410', async () => {
    const { id } = await webhook();
    await send('a');
    await send('b');
    status = ({ body }) => (JSON.parse(body.toString()).name === 'a' ? 500 : 410);
    const deliveries = deliveriesOf(replica, 'a');
    for (let attempt = 1; attempt <= 15; attempt++) {
      await until(deliveries, attempt);
      elapsedMs += 3_600_001;
    }
    await until(deliveries, 17);
    expect(await replica.registry.webhooks.list()).toEqual([]);
    expect(told().filter((name) => name === 'b')).toHaveLength(1);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is done by one of many, and by another one when that one is gone', async () => {
    await webhook();
    const other = await world.replica();
    const [first, second] = [deliveriesOf(replica, 'a'), deliveriesOf(other, 'b')];
    await first.turn();
    await second.turn();
    await send('a');
    await other.registry.log.catchUp();
    await second.turn();
    await until(first, 1);
    elapsedMs += 11_000;
    await first.turn();
    await send('b');
    await other.registry.log.catchUp();
    await second.turn();
    expect(told()).toEqual(['a']);
    // The first one is silent from now on.
    elapsedMs += 41_000;
    await until(second, 2);
    expect(told()).toEqual(['a', 'b']);
    await first.turn();
    await send('c');
    await other.registry.log.catchUp();
    await first.turn();
    await until(second, 3);
    expect(told()).toEqual(['a', 'b', 'c']);
  });
});
