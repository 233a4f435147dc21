import type { EunomiaMeta } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { programSettings, refuseUnusedTargets } from '../../src/session/program-settings.js';
import { optionsPackage } from '../options-package.js';

type Program = EunomiaMeta['bpf_skel']['progs'][number];

function settingsOf(attach: string, more: Partial<Program> = {}) {
  const pkg = optionsPackage({ bpf_skel: { progs: [{ name: 'handle', attach, link: true, ...more }] } });
  return programSettings(pkg).get('handle');
}

describe('programSettings()', () => {
  it.each<[string, Partial<Program>, string | undefined]>([
    ['tc', { tchook: { ifindex: 3, attach_point: 'BPF_TC_INGRESS' } }, '3'],
    ['tc', { tchook: {} }, '1'],
    ['tc', {}, undefined],
    ['xdp', { ifindex: 2 }, '2'],
    ['xdp', { xdpopts: { old_prog_fd: 0 } }, '1'],
    ['xdp', {}, undefined],
    ['xdp', { ifindex: 2, target: { ifname: 'eth0' } }, 'eth0'],
  ])('programSettings() reads the interface of %s with %j', (attach, more, ifname) => {
    expect(settingsOf(attach, more)?.target?.ifname).toBe(ifname);
  });

  it('programSettings() asks for classic tc only where the package names a handle or a priority', () => {
    expect(settingsOf('tc', { tchook: { attach_point: 'BPF_TC_EGRESS' } })?.tc).toEqual({ egress: true });
    expect(settingsOf('tc', { tcopts: { priority: 7 } })?.tc).toEqual({ egress: false, handle: 1, priority: 7 });
  });

  it('programSettings() keeps what the package says of the rest', () => {
    const perf = { event: 'cpu-clock', frequency: 49 } as const;
    const netfilter = { hook: 'local_out', priority: -5 } as const;
    const more = { link: false, optional: true, flags: 4, perf, netfilter };
    expect(settingsOf('xdp', more)).toMatchObject({ link: false, optional: true, xdpFlags: 4, perf, netfilter });
  });

  it.each<[Partial<Program>, RegExp]>([
    [{ tchook: { attach_point: 'BPF_TC_CUSTOM' } }, /BPF_TC_CUSTOM wants a parent/],
    [{ xdpopts: { old_prog_fd: 9 } }, /old_prog_fd/],
  ])('programSettings() refuses %j', (more, message) => {
    expect(() => settingsOf('tc', more)).toThrow(
      expect.objectContaining({ code: 'EBPM_ATTACH_FAILED', message: expect.stringMatching(message) }),
    );
  });
});

describe('refuseUnusedTargets()', () => {
  it('refuseUnusedTargets() refuses a target that no program attaches to', () => {
    expect(() => refuseUnusedTargets(optionsPackage(), { ifname: 'eth0' })).toThrow(
      expect.objectContaining({ code: 'EBPM_TARGET_UNUSED', message: expect.stringContaining('--target-ifname') }),
    );
    refuseUnusedTargets(optionsPackage(), { ifname: undefined });
  });
});
