import { describe, expect, test } from 'vitest';
import { judge } from '../../src/permissions/judge.js';
import { factsOf, permissionsOf, programOf } from '../facts-of.js';

/** Programs of one object, told apart by name. */
const FACTS = factsOf(`
  SEC("xdp") int only_passes(struct xdp_md *c) { return XDP_PASS; }
  static __noinline int chosen(struct xdp_md *c) { return c->ingress_ifindex == 1 ? XDP_TX : XDP_PASS; }
  SEC("xdp") int asks_another(struct xdp_md *c) { return chosen(c); }
  SEC("xdp") int writes(struct xdp_md *c) {
    char *data = (void *)(long)c->data;
    if (data + 1 > (char *)(long)c->data_end) return XDP_PASS;
    *data = 0;
    return XDP_PASS;
  }
  SEC("tc/egress") int tcx(struct __sk_buff *c) { return 0; }
  SEC("tc") int filter(struct __sk_buff *c) { c->mark = 1; return 0; }
  SEC("lsm/file_open") int only_looks(__u64 *c) { return 0; }
  SEC("fmod_ret/update_socket_protocol") int replaces(__u64 *c) { return c[0] == 2 ? 1 : 0; }
  SEC("cgroup/connect4") int lets_all(struct bpf_sock_addr *c) { return 1; }
  SEC("cgroup/connect6") int leads_away(struct bpf_sock_addr *c) { c->user_port = 0; return 1; }
  SEC("cgroup/recvmsg4") int is_told(struct bpf_sock_addr *c) { return 1; }
  SEC("freplace/f") int takes_over(void *c) { return 0; }
  SEC("nowhere") int says_nothing(void *c) { return 0; }
`);

const PERMISSIONS = permissionsOf(FACTS);
const whoHas = (permission: Parameters<typeof PERMISSIONS.get>[0]) =>
  (PERMISSIONS.get(permission) ?? []).map((text) => text.split(':')[0]);

describe('judge()', () => {
  test('judge() tells a verdict that lets everything pass from one that may not', () => {
    expect(whoHas('drops-or-redirects-packets')).toEqual(['asks_another', 'leads_away']);
    expect(programOf(FACTS, 'asks_another').returns).toEqual([2, 3]);
    expect(whoHas('denies-operations')).toEqual(['replaces']);
    expect(whoHas('overrides-return-values')).toEqual(['replaces']);
  });

  test('judge() tells programs that write to a packet, or about it, from those that read it', () => {
    expect(whoHas('changes-packets')).toEqual(['writes', 'filter']);
  });

  test('judge() knows filters of tc, which have no link', () => {
    expect(whoHas('outlives-exit')).toEqual(['filter']);
  });

  test('judge() says of what it cannot know', () => {
    const { unclassified } = judge({ objects: [FACTS] });
    expect(unclassified.map(({ program, what }) => `${program}: ${what}`)).toEqual([
      'takes_over: type ext',
      'says_nothing: section nowhere',
    ]);
  });
});
