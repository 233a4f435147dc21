import { printable } from '@ebpm/events';
import type { PackageFacts } from '@ebpm/formats';
import { asksOf, type Evidence, isPermissionClass, meaningOf, type Permissions } from '@ebpm/object';
import type { CliInspect } from '@ebpm/schemas';

/** Evidence of one kind in one program that is listed: the others are counted, and `--json` has them. */
const MAX_LISTED = 12;

/** What a package wants beside its eBPF objects. */
type AroundObjects = { readonly [Key in 'refused' | 'wasi' | 'tools' | 'missingTools']?: CliInspect[Key] | undefined };

/** What a package may see and do, each class with its evidence by program, what is asked for, and then what it is made of. */
export function formatPermissions(
  facts: PackageFacts,
  { permissions, unclassified }: Permissions,
  { refused, wasi, tools = [], missingTools = {} }: AroundObjects = {},
): string {
  const asks = asksOf(facts, { permissions, unclassified }).map((ask) => ask.class);
  const together = [...new Set([...asks, ...tools.flatMap((tool) => tool.asks)])];
  const lines = [
    ...permissions.flatMap((permission) => [
      `${meaningOf(permission.class)} (${permission.class})`,
      ...evidenceLines(permission.evidence),
    ]),
    ...(permissions.length === 0 ? ['nothing that has a class'] : []),
    ...(unclassified.length === 0
      ? []
      : [`${meaningOf('unclassified')} (unclassified)`, ...evidenceLines(unclassified)]),
    '',
    together.length === 0 ? 'ebpm run asks for nothing' : `ebpm run asks for ${together.join(', ')}`,
    ...(refused === undefined ? [] : [`ebpm run refuses it: ${refused.reason} (${refused.code})`]),
    ...toolLines(tools, missingTools),
    ...(wasi === undefined ? [] : wasiLines(wasi)),
    '',
    ...facts.objects.flatMap(objectLines),
    ...(facts.objects.length === 0 ? ['It has no eBPF objects'] : []),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** What its module can start, and what that may do. */
function toolLines(
  tools: NonNullable<CliInspect['tools']>,
  missing: NonNullable<CliInspect['missingTools']>,
): readonly string[] {
  const named = tools.map(({ name, version, classes }) => {
    const words = classes.map((one) => (isPermissionClass(one) ? `${meaningOf(one)} (${one})` : one));
    const what = words.length === 0 ? 'nothing that has a class' : words.join('; ');
    return `  ${name}@${version}: ${what}`;
  });
  const others = Object.entries(missing).map(([name, reason]) => `  not ${name}: ${reason}`);
  return named.length + others.length === 0 ? [] : ['', 'its module can start:', ...named, ...others];
}

/** What its module is given only where `--allow` says so. */
function wasiLines({ env, dirs }: NonNullable<CliInspect['wasi']>): readonly string[] {
  const folders = dirs.map(({ path, guest, access }) => {
    const name = guest === path ? '' : `, which it calls ${guest}`;
    return `  to ${access === 'write' ? 'change files' : 'read files'} in ${path}${name} (wasi:${access === 'write' ? 'write' : 'dir'}=${path})`;
  });
  const variables = env.length === 0 ? [] : [`  to read the variables ${env.join(', ')} (wasi:env)`];
  const asked = [...variables, ...folders];
  return asked.length === 0 ? [] : ['', 'its module wants, and gets with --allow alone:', ...asked];
}

/** Evidence by program, at most so much that people read it. */
export function evidenceLines(evidence: readonly Evidence[]): readonly string[] {
  const byProgram = new Map<string, string[]>();
  for (const { program = '', what, behind = [], note } of evidence) {
    const texts = byProgram.get(program) ?? [];
    const guard = behind.length === 0 ? '' : `, only with ${behind.join(' and ')}`;
    texts.push(`${what}${guard}${note === undefined ? '' : ` (${note})`}`);
    byProgram.set(program, texts);
  }
  return [...byProgram].flatMap(([program, texts]) => {
    const more = texts.length > MAX_LISTED ? [`and ${texts.length - MAX_LISTED} more`] : [];
    const start = program === '' ? '' : `${program}: `;
    return [...texts.slice(0, MAX_LISTED), ...more].map((text) => `  ${start}${text}`);
  });
}

type ObjectFacts = PackageFacts['objects'][number];

function objectLines({ file, license, programs, maps, structOps }: ObjectFacts): readonly string[] {
  const attached = programs.map(({ name, type, attachType, target, sleepable, autoload }) => {
    const notes = [...(sleepable ? ['sleeps'] : []), ...(autoload ? [] : ['not loaded by itself'])];
    const what = [attachType ?? type, ...(target === undefined ? [] : [target])].join(' ');
    return `  program ${name}: ${what}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
  });
  return [
    `${file}: license ${license ?? 'none'}`,
    ...attached,
    ...maps.map((map) => `  map ${map.name}: ${map.type}${map.pinned ? ', pinned' : ''}, ${memoryText(map)}`),
    ...structOps.map(({ name, type }) => `  struct ${type} ${name}`),
  ];
}

function memoryText({ memoryBytes, memoryPerCpuBytes }: ObjectFacts['maps'][number]): string {
  if (memoryBytes === undefined) return 'memory without a bound';
  const perCpu = memoryPerCpuBytes === undefined ? '' : ` and ${memoryPerCpuBytes} for each CPU`;
  return `at most ${memoryBytes} bytes${perCpu}`;
}
