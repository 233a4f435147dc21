import { keptNeeds, type UpdatedTool } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliUpdate, Lockfile } from '@ebpm/schemas';

/** A package whose version is another one now. */
export type VersionChange = CliUpdate['changes'][number];

/** What an update changed of a tool and, behind it, of what that depends on. */
export function toolChanges({ before, after }: UpdatedTool): readonly VersionChange[] {
  const { name, version: from } = before;
  const neededBy = `${name}@${after.version}`;
  const needs = versionChanges(keptNeeds(before), keptNeeds(after)).map((change) => ({ ...change, neededBy }));
  return [...(from === after.version ? [] : [{ name, from, to: after.version }]), ...needs];
}

/** What is in other versions now than before, by name. */
export function versionChanges(before: Lockfile | undefined, after: Lockfile | undefined): readonly VersionChange[] {
  const [old, now] = [before?.packages ?? {}, after?.packages ?? {}];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [from, to] = [old[name]?.version, now[name]?.version];
    return from === to ? [] : [{ name, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

/** Says so in a line. */
export function changeSentence({ name, from, to, neededBy }: VersionChange): string {
  const tool = neededBy === undefined ? '' : `, for ${neededBy}`;
  if (from === undefined) return printable(`${name} ${to} is new${tool}`);
  if (to !== undefined) return printable(`${name} ${from} -> ${to}${tool}`);
  return printable(`${name} ${from} is not needed any more${neededBy === undefined ? '' : ` by ${neededBy}`}`);
}
