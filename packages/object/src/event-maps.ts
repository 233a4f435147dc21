/** BPF_MAP_TYPE_PERF_EVENT_ARRAY. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h enum bpf_map_type */
export const PERF_EVENT_ARRAY = 4;

/** BPF_MAP_TYPE_RINGBUF. */
export const RINGBUF = 27;

/** Whether a map carries events from programs to whoever runs them. */
export function carriesEvents({ type }: { readonly type: number }): boolean {
  return type === PERF_EVENT_ARRAY || type === RINGBUF;
}
