import { type BlockList, isIP, isIPv4 } from 'node:net';
import { EbpmError } from '@ebpm/formats';
import { blockList, type Network, parseNetwork } from './network.js';

/**
 * IPv4 addresses that are nobody's on the internet: the IANA special-purpose registry (RFC 6890,
 * https://www.iana.org/assignments/iana-ipv4-special-registry), multicast (RFC 5771) and what is reserved above it.
 */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** All that the internet uses of IPv6 (RFC 4291 section 2.4): loopback, link-local, private, multicast and mapped addresses are outside. */
const PUBLIC_V6 = '2000::/3';

/**
 * The special purposes inside of it (https://www.iana.org/assignments/iana-ipv6-special-registry), among them Teredo and 6to4, which
 * carry an IPv4 address that nobody looks at.
 */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const notPublic = known([...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6]);
const publicV6 = known([PUBLIC_V6]);

/** Which addresses the registry connects to: those of the internet, and what whoever runs it has named. */
export class AddressRules {
  readonly #hosts: ReadonlySet<string>;
  readonly #networks: BlockList;

  /**
   * @param allow what may be asked although it is private: a host (`ci.internal`), an address (`10.1.2.3`) or a network (`10.0.0.0/8`)
   * @throws EBPM_OUTBOUND_ALLOW_INVALID
   */
  constructor(allow: readonly string[] = []) {
    const wanted = allow.map(parseAllowed);
    this.#hosts = new Set(wanted.flatMap(({ host }) => host ?? []));
    this.#networks = blockList(wanted.flatMap(({ network }) => network ?? []));
  }

  /**
   * @param host as the URL has it, lower-case
   * @param address that it has, or is
   */
  allow(host: string, address: string): boolean {
    return this.#hosts.has(host) || (isPlain(address) && (isPublic(address) || contains(this.#networks, address)));
  }
}

function isPublic(address: string): boolean {
  return (isIPv4(address) || contains(publicV6, address)) && !contains(notPublic, address);
}

/** An address with a zone (`fe80::1%eth0`) is one of this link, whatever it looks like. */
function isPlain(address: string): boolean {
  return isIP(address) !== 0 && !address.includes('%');
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

interface Allowed {
  readonly host?: string;
  readonly network?: Network;
}

/** RFC 1123 section 2.1: labels of letters, digits and `-`. */
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

function parseAllowed(text: string): Allowed {
  const network = parseNetwork(text);
  if (network !== undefined) return { network };
  const host = text.toLowerCase();
  // A host that ends in a number is an IPv4 address in one of its odd spellings (https://url.spec.whatwg.org/#ends-in-a-number-checker).
  if (HOST.test(host) && !/(^|\.)(0x[0-9a-f]*|\d+)$/.test(host)) return { host };
  throw new EbpmError('EBPM_OUTBOUND_ALLOW_INVALID', `Cannot allow "${text}": it is no host, address or network`, {
    hint: 'write "ci.internal", "10.1.2.3" or "10.0.0.0/8"',
  });
}

/** A list of networks that are written down here. */
function known(texts: readonly string[]): BlockList {
  return blockList(
    texts.map((text) => {
      const network = parseNetwork(text);
      if (network === undefined) throw new TypeError(`"${text}" is no network`);
      return network;
    }),
  );
}
