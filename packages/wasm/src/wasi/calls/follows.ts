import { WasiError } from '../wasi-error.js';

const FOLLOW = 1;

/** `lookupflags`: whether a symbolic link at the end of a path is followed. @throws WasiError EINVAL for flags that there are not */
export function follows(flags: number): boolean {
  if ((flags & ~FOLLOW) !== 0) throw new WasiError('EINVAL');
  return flags === FOLLOW;
}
