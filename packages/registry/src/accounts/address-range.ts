import { BlockList, isIP } from 'node:net';

/** Whether this is an address or a network in CIDR notation (RFC 4632, RFC 4291 section 2.3): `192.0.2.7`, `2001:db8::/32`. */
export function isAddressRange(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 50 && parseRange(text) !== undefined;
}

/** Whether the address lies in one of the ranges. An IPv4 address may come written as IPv6 (`::ffff:192.0.2.7`). */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  if (version === 0) return false;
  const type = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  for (const range of ranges.map(parseRange)) {
    // A list that has both takes every IPv4 address for one of IPv6 too.
    if (range?.type === type) list.addSubnet(range.network, range.bits, type);
  }
  return list.check(plain, type);
}

function parseRange(text: string) {
  const [, network = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(network);
  const most = version === 6 ? 128 : 32;
  if (version === 0 || Number(bits ?? most) > most) return undefined;
  return { network, bits: Number(bits ?? most), type: version === 6 ? 'ipv6' : 'ipv4' } as const;
}
