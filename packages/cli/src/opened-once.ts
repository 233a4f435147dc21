/** What was opened under a key before, else what is opened now. */
export function openedOnce<T>(opened: Map<string, T>, key: string, open: () => T): T {
  const one = opened.get(key) ?? open();
  opened.set(key, one);
  return one;
}
