import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { addressList, clientAddress, networkOf } from '../../src/http/address-list.js';

describe('addressList()', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['::1', '::1', true],
    ['fd00::/8', 'fd12::1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', 'nobody', false],
  ])('%s has %s: %s', (network, address, has) => {
    expect(addressList('trustProxy', [network]).has(address)).toBe(has);
  });

  it.each(['', 'proxy', '10.0.0.0/33', '10.0.0.0/-1', '::/129', '10.0.0.0/8/8', '10.0.0'])('refuses "%s"', (text) => {
    expect(() => addressList('trustProxy', [text])).toThrow(expect.objectContaining({ code: 'EBPM_REGISTRY_CONFIG' }));
  });
});

describe('networkOf()', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s is of %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('clientAddress()', () => {
  const trusted = addressList('trustProxy', ['127.0.0.1', '10.0.0.0/8']);
  it.each([
    ['192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['127.0.0.1', '203.0.113.9, 198.51.100.7, 10.0.0.1', '198.51.100.7'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
  ])('from %s with "%s" it is %s', (remoteAddress, forwarded, address) => {
    const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
    expect(clientAddress(request as unknown as IncomingMessage, trusted)).toBe(address);
  });
});
