import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isAbout, type Webhook, webhookMessage } from '../../src/webhooks/webhook.js';

const WEBHOOK: Webhook = {
  id: '0123456789abcdef',
  owner: `u_${'1'.repeat(32)}`,
  target: '*',
  url: 'https://example.org/',
  secret: 'secret',
  createdAt: '2026-01-01T00:00:00.000Z',
  after: '1-0',
};

describe('isAbout()', () => {
  it.each([
    ['*', 'a', true],
    ['*', '@acme/a', true],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['@acme', '@acme/a', true],
    ['@acme', '@acme2/a', false],
    ['@acme/a', '@acme/a', true],
    ['@acme/a', '@acme/ab', false],
  ])('says that %s and %s: %s', (target, name, expected) => {
    expect(isAbout({ ...WEBHOOK, target }, name)).toBe(expected);
  });
});

describe('webhookMessage()', () => {
  it('signs the time and the body', () => {
    const change = { id: '7-0', type: 'publish', name: 'a', time: '2026-01-01T00:00:00.000Z' };
    const { headers, body } = webhookMessage(WEBHOOK, change, 1_767_225_600_500);
    expect(JSON.parse(Buffer.from(body).toString())).toEqual(change);
    const signature = createHmac('sha256', 'secret')
      .update(`1767225600.${Buffer.from(body)}`)
      .digest('hex');
    expect(headers).toMatchObject({
      'ebpm-event': 'publish',
      'ebpm-delivery': '0123456789abcdef-7-0',
      'ebpm-signature': `t=1767225600,v1=${signature}`,
    });
  });
});
