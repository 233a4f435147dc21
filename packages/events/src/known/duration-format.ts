import type { KnownFormatFactory } from './known-format.js';

/** Times with the unit at the end of the field's name. */
export const durationFormat: KnownFormatFactory = ({ name, type }) => {
  if (type.kind !== 'int') return undefined;
  const unitNs = UNITS_NS[name.slice(-2)] ?? 1;
  const bits = type.sizeBytes * 8;
  return {
    width: '999.999ms'.length,
    right: true,
    mostBytes: '-18446744073709551615000.000s'.length,
    inCsv: false,
    // A double is exact for 104 days in nanoseconds, and beyond that to more places than are shown.
    code: (at) => {
      const low = bits === 64 ? `v.getUint32(${at},true)` : `v.get${type.signed ? 'Int' : 'Uint'}32(${at},true)`;
      const high = bits === 64 ? `v.get${type.signed ? 'Int' : 'Uint'}32(${at}+4,true)*4294967296+` : '';
      return `writeDuration(t,p,${high}${low},${unitNs})`;
    },
  };
};

const UNITS_NS: Readonly<Record<string, number>> = { ns: 1, us: 1_000, ms: 1_000_000 };
