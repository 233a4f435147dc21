import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { configError } from '../config/config-error.js';
import { HTTP_LIMITS } from '../limits.js';
import { blockList, familyOf, parseNetwork } from '../network.js';

/** A set of addresses and networks. */
export interface AddressList {
  has(address: string): boolean;
}

/**
 * Reads addresses and networks: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
 * @param setting whose value they are, for the error
 * @throws EBPM_REGISTRY_CONFIG
 */
export function addressList(setting: string, texts: readonly string[]): AddressList {
  const networks = texts.map((text) => {
    const network = parseNetwork(text);
    if (network !== undefined) return network;
    throw configError(`Cannot use the configuration: "${text}" in "${setting}" is no address and no network`);
  });
  const list = blockList(networks);
  const known = new Map<string, boolean>();
  return {
    // Asked several times a request, mostly of the same few.
    has(address) {
      const answer = known.get(address);
      if (answer !== undefined) return answer;
      const family = familyOf(address);
      const isIn = family !== undefined && list.check(address, family);
      if (known.size >= HTTP_LIMITS.knownAddresses) known.clear();
      known.set(address, isIn);
      return isIn;
    },
  };
}

/** Where a request comes from: behind proxies that are trusted, what the outermost of them saw (`X-Forwarded-For`). */
export function clientAddress({ socket, headers }: IncomingMessage, trusted: AddressList): string {
  let address = socket.remoteAddress ?? '';
  const hops = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .reverse();
  for (const hop of hops) {
    if (hop.trim() === '' || !trusted.has(address)) return address;
    address = hop.trim();
  }
  return address;
}

/** The network that one customer has: an IPv4 address, or a /64 of IPv6 (RFC 6177 section 2: a site has at least that). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
