import { describe, expect, it } from 'vitest';
import { AddressRules } from '../src/address-rules.js';
import { refused } from './refused.js';

describe('AddressRules', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.255',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a00:1',
    '64:ff9b::127.0.0.1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    '2606:4700::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('allows no request to %s', (address) => {
    expect(new AddressRules().allow(address, address)).toBe(false);
  });

  it.each(['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.1', '172.32.0.1', '223.255.255.255', '2606:4700::1111'])(
    'allows requests to %s',
    (address) => {
      expect(new AddressRules().allow('example.org', address)).toBe(true);
    },
  );

  it('allows what is named: a host, an address, a network', () => {
    const rules = new AddressRules(['CI.internal', '10.1.2.3', 'fd00:1::/32', '127.0.0.0/8']);
    const asked = (host: string, address: string) => rules.allow(host, address);
    expect(asked('ci.internal', '192.168.0.1')).toBe(true);
    expect(asked('other.internal', '192.168.0.1')).toBe(false);
    expect(asked('x', '10.1.2.3')).toBe(true);
    expect(asked('x', '10.1.2.4')).toBe(false);
    expect(asked('x', 'fd00:1::7')).toBe(true);
    expect(asked('x', 'fd00:2::7')).toBe(false);
    expect(asked('x', '127.0.0.1')).toBe(true);
    expect(asked('x', '::1')).toBe(false);
  });

  it.each([
    '',
    'http://x',
    'x:80',
    '10.0.0.0/33',
    '::/129',
    '1.2.3',
    '0x7f.1',
    '127.1',
    'a b',
    '*.x',
    '10.0.0.0/',
    '-x',
  ])('refuses to allow %j', (entry) => {
    expect(() => new AddressRules([entry])).toThrow(refused('EBPM_OUTBOUND_ALLOW_INVALID', 'no host') as Error);
  });
});
