/**
 * Does something with each of many things, at most so many at a time, and gives the results in their order. After a failure nothing
 * new is begun, and what is under way is waited for.
 */
export async function inParallel<T, R>(
  things: readonly T[],
  width: number,
  use: (thing: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(things.length);
  const left = things.entries();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const [index, thing] of left) {
      if (failure !== undefined) return;
      try {
        results[index] = await use(thing);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, things.length) }, work));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return results;
}
