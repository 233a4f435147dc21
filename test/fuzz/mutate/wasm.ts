import { type Mutate, mutateBytes, putNasty } from './bytes.js';

/** Changes a module: mostly what comes before the objects in its data, which is short. */
export const mutateWasm: Mutate = (bytes, random) => {
  if (random.oneIn(3)) return mutateBytes(bytes, random);
  const mutated = bytes.slice();
  for (let change = random.below(4); change >= 0; change--) {
    if (random.oneIn(4)) putNasty(mutated, random.below(mutated.length), random);
    else mutated[random.below(Math.min(64, mutated.length))] = random.word();
  }
  return mutated;
};
