import { describe, expect, it } from 'vitest';
import { effectiveCapabilities, missingForBpf } from '../src/capabilities.js';
import { hasKernelBtf, libbpfVersion, probeMap, probeMapType, probeProgramType } from '../src/probe.js';

const privileged = missingForBpf(effectiveCapabilities()).length === 0;

describe('probes', () => {
  it.runIf(privileged)('probeProgramType() and probeMapType() find what every kernel with BPF has', () => {
    expect(probeProgramType(1)).toBe(true);
    expect(probeMapType(1)).toBe(true);
    expect(probeMapType(2)).toBe(true);
  });

  it('probeMapType() cannot tell about types that libbpf does not know', () => {
    expect(probeMapType(60_000)).toBeUndefined();
  });

  it.runIf(privileged)('probeProgramType() asks the kernel itself about types that libbpf does not know', () => {
    expect(probeProgramType(60_000)).toBe(false);
  });

  it.runIf(privileged)(
    'probeMap() makes a map like one, and says of impossible ones that the kernel makes none',
    () => {
      const array = { type: 2, keySizeBytes: 4, valueSizeBytes: 8, maxEntries: 1, flags: 0 };
      expect(probeMap(array)).toBe(true);
      expect(probeMap({ ...array, keySizeBytes: 8 })).toBe(false);
    },
  );

  it('probeProgramType() refuses what is no number of a type', () => {
    expect(() => probeProgramType(-1)).toThrow(TypeError);
  });

  it('hasKernelBtf() and libbpfVersion() answer', () => {
    expect(typeof hasKernelBtf()).toBe('boolean');
    expect(libbpfVersion()).toMatch(/^v1\.\d+$/);
  });
});
