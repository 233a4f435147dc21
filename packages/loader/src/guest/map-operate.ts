import { type Binding, loadBinding } from '../binding.js';

/**
 * Commands of bpf(2) on an element of a map.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h#L920
 */
export const MAP_COMMANDS = { lookup: 1, update: 2, delete: 3, getNextKey: 4 } as const;

/**
 * One command on an element of a map, by the map's descriptor. Key and value must be as long as the map has them: the kernel reads and
 * writes behind what is shorter. Gives 0 or a negative errno.
 */
export const mapOperate: Binding['mapOperate'] = (...args) => loadBinding().mapOperate(...args);
