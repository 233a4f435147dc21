import { blockList, familyOf, parseNetwork } from '../network.js';

/** Whether this is an address or a network in CIDR notation: `192.0.2.7`, `2001:db8::/32`. */
export function isAddressRange(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 50 && parseNetwork(text) !== undefined;
}

/** Whether the address lies in one of the ranges. An IPv4 address may come written as IPv6 (`::ffff:192.0.2.7`). */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = familyOf(plain);
  if (family === undefined) return false;
  const networks = ranges.flatMap((range) => parseNetwork(range) ?? []);
  // A list that has both takes every IPv4 address for one of IPv6 too.
  return blockList(networks.filter((network) => network.family === family)).check(plain, family);
}
