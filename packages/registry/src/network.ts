import { BlockList, isIP } from 'node:net';

/** An address, or a network in CIDR notation (RFC 4632, RFC 4291 section 2.3). */
export interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `192.0.2.7`, `10.0.0.0/8` or `2001:db8::/32`; undefined when it is none. An address with a zone is none. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = familyOf(address);
  const most = family === 'ipv4' ? 32 : 128;
  if (family === undefined || Number(bits ?? most) > most) return undefined;
  return { address, bits: Number(bits ?? most), family };
}

/** Undefined when it is no address. */
export function familyOf(address: string): Network['family'] | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

/** A list to look addresses up in, which takes an IPv4 address that is written as IPv6 for what it is. */
export function blockList(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, bits, family } of networks) list.addSubnet(address, bits, family);
  return list;
}
