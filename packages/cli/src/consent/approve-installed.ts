import {
  approve,
  Installed,
  type InstalledVersion,
  isSameJudgement,
  type JudgedObject,
  keptJudgement,
  readApproval,
  TABLE_VERSIONS,
  unapproved,
  writeApproval,
} from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { ConsentClass } from '@ebpm/object';
import type { Approved, Lockfile } from '@ebpm/schemas';
import type { Context } from '../context.js';

/** What is installed, and what its programs need somebody to agree to. */
interface InstalledNeeds {
  readonly installed: InstalledVersion;
  readonly needs: JudgedObject;
}

/**
 * Agrees, for the user, to those classes of what installed packages ask for. A sentence for each package says what is left to be asked.
 *
 * @throws EBPM_STORE_UNWRITABLE, EBPM_STORE_DAMAGED
 */
export async function approveForUser(
  { home }: Context,
  versions: readonly InstalledVersion[],
  allow: readonly ConsentClass[],
): Promise<readonly string[]> {
  const owner = process.geteuid?.() ?? 0;
  const sentences: string[] = [];
  for (const { installed, needs } of await needsOf(home, versions)) {
    const { approval } = await readApproval(home, needs.object, [owner]);
    const before = approval?.approved;
    const approved = approve(needs.asks, { classes: allow, versions: TABLE_VERSIONS, before });
    const source = `${installed.name}@${installed.version}`;
    if (approved !== undefined && approved !== before) {
      const approvedAt = new Date().toISOString();
      await writeApproval(home, { approval: 1, object: needs.object, source, approvedAt, approved });
    }
    sentences.push(...sentenceOf(installed, needs, approved));
  }
  return sentences;
}

/** A project's lockfile, and what is left to be asked. */
export interface ApprovedLockfile {
  readonly lockfile: Lockfile;
  readonly sentences: readonly string[];
}

/** Agrees, for everybody who works on a project, to those classes of what its packages ask for. @throws EBPM_STORE_DAMAGED */
export async function approveForProject(
  { home }: Context,
  lockfile: Lockfile,
  { versions, allow }: { readonly versions: readonly InstalledVersion[]; readonly allow: readonly ConsentClass[] },
): Promise<ApprovedLockfile> {
  const packages = { ...lockfile.packages };
  const sentences: string[] = [];
  for (const { installed, needs } of await needsOf(home, versions)) {
    const locked = packages[installed.name];
    if (locked === undefined) continue;
    const approved = approve(needs.asks, { classes: allow, versions: TABLE_VERSIONS, before: locked.approved });
    if (approved !== undefined) packages[installed.name] = { ...locked, approved };
    sentences.push(...sentenceOf(installed, needs, approved));
  }
  return { lockfile: { ...lockfile, packages }, sentences };
}

/** What was agreed to of the very same bytes goes on counting; of others it does not. */
export function withApprovalsOf(before: Lockfile | undefined, lockfile: Lockfile): Lockfile {
  const packages = Object.entries(lockfile.packages).map(([name, locked]) => {
    const old = before !== undefined && Object.hasOwn(before.packages, name) ? before.packages[name] : undefined;
    const approved = old?.digest === locked.digest ? old.approved : undefined;
    return [name, approved === undefined ? locked : { ...locked, approved }] as const;
  });
  return { ...lockfile, packages: Object.fromEntries(packages) };
}

/** Those that ask for something. What cannot be run is not judged: running it says why. */
async function needsOf(home: string, versions: readonly InstalledVersion[]): Promise<readonly InstalledNeeds[]> {
  const here = new Installed(home);
  const found: InstalledNeeds[] = [];
  for (const installed of versions) {
    const needs = keptJudgement(installed.permissions) ?? (await judgedNow(here, installed));
    if (needs !== undefined && Object.keys(needs.asks).length > 0) found.push({ installed, needs });
  }
  return found;
}

/** It was looked at, and holds no object, or several; or it is looked at now, which is loaded for that alone. */
async function judgedNow(here: Installed, installed: InstalledVersion): Promise<JudgedObject | undefined> {
  if (installed.entry === undefined || isSameJudgement(installed.checked)) return undefined;
  const { judgeEntry } = await import('./judge-entry.js');
  return judgeEntry(installed.entry.path, await here.entryBytes(installed));
}

function sentenceOf(
  { name, version }: InstalledVersion,
  { asks }: JudgedObject,
  approved: Approved | undefined,
): readonly string[] {
  const left = unapproved(asks, approved === undefined ? [] : [approved]);
  return left.length === 0 ? [] : [printable(`${name}@${version} asks for ${left.join(', ')} before it runs`)];
}
