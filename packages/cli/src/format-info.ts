import { printable } from '@ebpm/events';
import type { CliInfo } from '@ebpm/schemas';

/** Versions that are shown; the others are counted. */
const MAX_VERSIONS = 10;

/** What is known about a package, a line for each thing, as a person reads it. */
export function formatInfo(info: CliInfo): string {
  const { name, version, yanked, digest, sizeBytes, publishedAt, publisher, registry, files, installed } = info;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['package', `${name}@${version}${yanked ? ' (yanked)' : ''}`],
    ['deprecated', info.deprecated],
    ['description', text(info, 'description')],
    ['license', text(info, 'license')],
    ['homepage', text(info, 'homepage')],
    ['repository', text(info, 'repository')],
    ['kernel', text(info, 'kernel')],
    ['keywords', words(info.manifest['keywords'])],
    ['published', `${publishedAt} by ${publisher}`],
    ['signed by', signer(info)],
    ['built from', builtFrom(info)],
    ['built by', info.signature?.provenance?.builder],
    ['registry', registry],
    ['digest', digest],
    ['size', `${sizeBytes} bytes`],
    ['files', files.map((file) => `${file.path} (${file.sizeBytes})`).join(', ')],
    [
      'tags',
      Object.entries(info.tags)
        .map(([tag, of]) => `${tag}: ${of}`)
        .join(', '),
    ],
    ['versions', versions(info)],
    ['installed', installed.join(', ') || 'no'],
  ];
  return lines
    .flatMap(([key, value]) => (value === undefined ? [] : [`${`${key}:`.padEnd(13)}${printable(value)}\n`]))
    .join('');
}

function signer({ signature }: CliInfo): string {
  if (signature === undefined) return 'nobody';
  return signature.pinned ? `${signature.key}, as what is installed` : signature.key;
}

function builtFrom({ signature }: CliInfo): string | undefined {
  const { source, commit } = signature?.provenance ?? {};
  return source === undefined
    ? undefined
    : `${source}${commit === undefined ? '' : ` (${commit})`}, says its publisher`;
}

/** The manifest is as its author published it, so its types are checked here. */
function text({ manifest }: CliInfo, key: string): string | undefined {
  const value = manifest[key];
  return typeof value === 'string' ? value : undefined;
}

function words(value: unknown): string | undefined {
  return Array.isArray(value) && value.length > 0 ? value.join(', ') : undefined;
}

function versions({ versions: all }: CliInfo): string {
  const shown = all.slice(0, MAX_VERSIONS).map(({ version, yanked }) => (yanked ? `${version} (yanked)` : version));
  return [...shown, ...(all.length > MAX_VERSIONS ? [`and ${all.length - MAX_VERSIONS} more`] : [])].join(', ');
}
