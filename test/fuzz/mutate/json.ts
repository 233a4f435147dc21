import type { Random } from '../random.js';
import { type Mutate, mutateBytes } from './bytes.js';

/** Changes one to three values of a JSON text, and now and then its bytes. */
export const mutateJson: Mutate = (bytes, random) => {
  if (random.oneIn(6)) return mutateBytes(bytes, random);
  const root = { value: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
  for (let change = random.below(3); change >= 0; change--) changeOne(root, random);
  return new TextEncoder().encode(JSON.stringify(root.value));
};

type Container = Record<string, unknown>;

/** Walks down to some value and replaces, removes, doubles, renames or takes another's place. */
function changeOne(root: Container, random: Random): void {
  let parent: Container = root;
  let key = 'value';
  for (;;) {
    const value = parent[key];
    if (typeof value !== 'object' || value === null || random.oneIn(6)) break;
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    parent = value as Container;
    key = random.pick(keys);
  }
  random.pick(CHANGES)(parent, key, random);
}

const CHANGES: readonly ((parent: Container, key: string, random: Random) => void)[] = [
  replace,
  replace,
  (parent, key) => {
    delete parent[key];
  },
  (parent, key, random) => {
    // Not an assignment: with it "__proto__" would never reach the text.
    const property = { value: parent[key], enumerable: true, configurable: true, writable: true };
    Object.defineProperty(parent, random.pick(WORDS), property);
  },
  (parent, key, random) => {
    const value = parent[key];
    if (typeof value === 'number') parent[key] = value + random.below(5) - 2;
    if (typeof value === 'string') parent[key] = mutateText(value, random);
    if (Array.isArray(value)) value.push(...structuredClone(value).slice(0, 100));
  },
];

function replace(parent: Container, key: string, random: Random): void {
  parent[key] = structuredClone(random.pick(VALUES));
}

function mutateText(text: string, random: Random): string {
  const bytes = mutateBytes(new TextEncoder().encode(text), random);
  return new TextDecoder('utf-8').decode(bytes);
}

const WORDS = ['name', 'value', 'type', 'bpf_object', 'meta', '__proto__', 'constructor', 'toString', '0', ''] as const;

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1e308, 2 ** 53, 4294967296, 0.5, '', '..', '/', '\u0000', '\ud800', 'eJw='],
  ...[[], {}, [null], [[]], { name: 'x' }, 'x'.repeat(10_000), Array.from({ length: 50 }, () => ({}))],
];
