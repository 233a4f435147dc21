import { systemRandom } from '../random.js';

/** Gives every request an id of its own: which process, and its how-manieth request. A client cannot choose it. */
export function requestIds(): () => string {
  const writer = systemRandom.hex(6);
  let count = 0;
  return () => `${writer}-${(++count).toString(36)}`;
}
