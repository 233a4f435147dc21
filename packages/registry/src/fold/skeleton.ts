/** What people take for each other in a name, longest first. Names are ASCII, so that there is no more of it. */
const LIKE: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[1i]/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
  [/2/g, 'z'],
];

/** The name as somebody sees it who reads quickly: `opensn00p` and `opensnoop`, `tcprnon` and `tcpmon` have the same skeleton. */
export function skeleton(name: string): string {
  return LIKE.reduce((text, [pattern, as]) => text.replace(pattern, as), name.replace(/[._-]/g, ''));
}
