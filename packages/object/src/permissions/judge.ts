import type { MapFacts, ObjectFacts, PackageFacts, StructOpsFacts } from '@ebpm/formats';
import type { Evidence, Permissions } from './evidence.js';
import { judgeProgram, type Note } from './judge-program.js';
import { readsOnlyNames } from './ordinary-reads.js';
import { PERMISSION_CLASSES, type PermissionClass } from './permission-class.js';

/**
 * What a package may see or do. It is a summary of its facts in words, for people to decide by; it keeps nothing from happening that the
 * kernel lets happen.
 */
export function judge({ objects }: Pick<PackageFacts, 'objects'>): Permissions {
  const found = new Map<PermissionClass, Map<string, Evidence>>();
  const unclassified = new Map<string, Evidence>();
  for (const object of objects) {
    judgeObject(object, (permission, evidence) => {
      const list = permission === undefined ? unclassified : (found.get(permission) ?? new Map<string, Evidence>());
      if (permission !== undefined) found.set(permission, list);
      const whole = { file: object.file, ...evidence };
      list.set(JSON.stringify(whole), whole);
    });
  }
  const classes = Object.keys(PERMISSION_CLASSES) as PermissionClass[];
  return {
    permissions: classes.flatMap((permission) => {
      const evidence = found.get(permission);
      return evidence === undefined ? [] : [{ class: permission, evidence: [...evidence.values()] }];
    }),
    unclassified: [...unclassified.values()],
  };
}

/** The classes alone. */
export function permissionClasses(facts: Pick<PackageFacts, 'objects'>): readonly PermissionClass[] {
  return judge(facts).permissions.map((permission) => permission.class);
}

function judgeObject(object: ObjectFacts, note: Note): void {
  if (!object.readable) note(undefined, { what: 'object', note: 'ebpm cannot read it' });
  for (const program of object.programs) judgeProgram(program, { readsNames: readsOnlyNames(program, object) }, note);
  for (const map of object.maps) judgeMap(map, note);
  for (const set of object.structOps) judgeStructOps(set, note);
}

function judgeMap({ name, pinned }: MapFacts, note: Note): void {
  if (pinned) note('outlives-exit', { what: `map ${name}`, note: 'it is pinned by its name' });
}

/** Which of its functions decide what: include/linux/sched/ext.h, include/net/sch_generic.h, include/linux/hid_bpf.h. */
const STRUCT_OPS: Readonly<Record<string, PermissionClass>> = {
  sched_ext_ops: 'changes-scheduling',
  Qdisc_ops: 'drops-or-redirects-packets',
};

/** Sets that only decide how fast a connection sends. */
const HARMLESS_STRUCT_OPS: ReadonlySet<string> = new Set(['tcp_congestion_ops']);

function judgeStructOps({ name, type }: StructOpsFacts, note: Note): void {
  const what = `struct ${type} ${name}`;
  note('outlives-exit', { what, note: 'the kernel takes it over' });
  const permission = STRUCT_OPS[type];
  if (permission !== undefined || !HARMLESS_STRUCT_OPS.has(type)) note(permission, { what });
}
