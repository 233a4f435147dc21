import type { KnownFormatFactory } from './known-format.js';

/** Ports in network order. */
export const networkPortFormat: KnownFormatFactory = () => ({
  width: '65535'.length,
  right: true,
  mostBytes: '65535'.length,
  inCsv: false,
  code: (at) => `writeUint32(t,p,v.getUint16(${at}))`,
});
