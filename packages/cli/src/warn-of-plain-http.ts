import type { Output } from './context.js';

/** Warns where a token would cross a network that others can read. */
export function warnOfPlainHttp(registry: string, stderr: Output): void {
  const { protocol, hostname } = new URL(registry);
  if (protocol !== 'http:' || isLoopback(hostname)) return;
  stderr.write(`warning: "${registry}" is not encrypted: everybody on the way can read the token\n`);
}

/** RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. */
function isLoopback(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || /^127\./.test(hostname) || hostname === '[::1]';
}
