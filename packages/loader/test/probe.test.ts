import { describe, expect, it } from 'vitest';
import { effectiveCapabilities, missingForBpf } from '../src/capabilities.js';
import { hasKernelBtf, libbpfVersion, probeMapType, probeProgramType } from '../src/probe.js';

const privileged = missingForBpf(effectiveCapabilities()).length === 0;

describe('probes', () => {
  it.runIf(privileged)('probeProgramType() and probeMapType() find what every kernel with BPF has', () => {
    expect(probeProgramType(1)).toBe(true);
    expect(probeMapType(1)).toBe(true);
    expect(probeMapType(2)).toBe(true);
  });

  it('probeProgramType() and probeMapType() cannot tell about types that libbpf does not know', () => {
    expect(probeProgramType(60_000)).toBeUndefined();
    expect(probeMapType(60_000)).toBeUndefined();
  });

  it('probeProgramType() refuses what is no number of a type', () => {
    expect(() => probeProgramType(-1)).toThrow(TypeError);
  });

  it('hasKernelBtf() and libbpfVersion() answer', () => {
    expect(typeof hasKernelBtf()).toBe('boolean');
    expect(libbpfVersion()).toMatch(/^v1\.\d+$/);
  });
});
