import { printable } from '@ebpm/events';
import type { RunnablePackage } from '../runnable-package.js';
import { nameList } from './encode-value.js';
import { initialText } from './initial-text.js';
import type { ProgramOption } from './program-option.js';

/** The version that `--version` prints: the author's annotation, or 0.1.0 as eunomia-bpf's loader has it. */
export function programVersion(pkg: RunnablePackage): string {
  return pkg.meta.bpf_skel.doc?.version ?? '0.1.0';
}

/** The help text of a program, generated from its global variables; lines end with a newline. */
export function programHelp(pkg: RunnablePackage, options: readonly ProgramOption[]): string {
  const { doc } = pkg.meta.bpf_skel;
  const rows: readonly Row[] = [
    ...options.map(row),
    { left: '-h, --help', right: 'Print this help' },
    { left: '-V, --version', right: 'Print the version' },
    ...(options.some(({ names }) => names.some(({ long }) => long === 'verbose')) ? [] : [VERBOSE]),
  ];
  const width = Math.max(...rows.map(({ left }) => left.length));
  const paragraphs = [
    doc?.brief ?? doc?.description ?? 'A simple eBPF program',
    `Usage: ${pkg.name} [OPTIONS]`,
    ['Options:', ...rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`)].join('\n'),
    ...(doc?.details === undefined ? [] : [doc.details]),
  ];
  const lines = paragraphs.join('\n\n').split('\n');
  return lines.map((line) => `${printable(line)}\n`).join('');
}

const VERBOSE = { left: '    --verbose', right: "Accepted, as eunomia-bpf's loader accepts it; has no effect" };

interface Row {
  readonly left: string;
  readonly right: string;
}

function row(option: ProgramOption): Row {
  const { kind } = option;
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const value = kind.kind === 'bool' ? '' : ` <${option.typeName}>`;
  const element = kind.kind === 'list' ? kind.element : kind;
  const names = element.kind === 'enum' ? ` [${nameList(element.values)}]` : '';
  return {
    left: `${short}--${option.names[0]?.long}${value}`,
    right: `${option.help}${names} [default: ${defaultText(option)}]`,
  };
}

/** What the package says, else what the object was compiled with. */
function defaultText({ kind, defaultValue, initialBytes }: ProgramOption): string {
  if (defaultValue === undefined) return initialText(kind, initialBytes);
  return kind.kind === 'string' ? JSON.stringify(String(defaultValue)) : String(defaultValue);
}
