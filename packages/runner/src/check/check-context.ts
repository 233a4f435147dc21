import { type BpfProgram, programKind, type ReachedContext } from '@ebpm/object';
import type { Finding } from './finding.js';
import type { Host } from './host.js';
import { parseTracepointFormat, recordEnd, type TracepointField } from './tracepoint-format.js';

/** Whether the records of tracepoints have what programs read from them. */
export function checkContext(reads: readonly ReachedContext[], host: Host): readonly Finding[] {
  const looked = [...new Set(reads.map(({ program }) => program))].flatMap((program) => {
    const fields = fieldsOf(program, host);
    return fields === undefined ? [] : [{ program, fields }];
  });
  const open = looked.flatMap(({ program, fields }) => {
    return openFindings(
      program,
      reads.filter((read) => read.program === program),
      fields,
    );
  });
  if (open.length > 0 || looked.length === 0) return open;
  const reason = 'this kernel has those that are read';
  return [
    { code: 'tracepoint_fields', subject: 'tracepoint fields', outcome: 'ok', certainty: host.certainty, reason },
  ];
}

function fieldsOf({ section }: BpfProgram, host: Host): readonly TracepointField[] | undefined {
  const kind = programKind(section);
  if (kind?.type !== 'tracepoint' || kind.attach?.kind !== 'tracepoint') return undefined;
  const text = host.tracepointFormat(kind.attach.category, kind.attach.event);
  return text === undefined ? undefined : parseTracepointFormat(text);
}

function openFindings(
  program: BpfProgram,
  reads: readonly ReachedContext[],
  fields: readonly TracepointField[],
): readonly Finding[] {
  const end = recordEnd(fields);
  if (end === undefined) return [];
  const about = { code: 'tracepoint_fields', subject: `program "${program.name}"`, program: program.name } as const;
  const beyond = reads.filter(({ offsetBytes, sizeBytes }) => offsetBytes + sizeBytes > end);
  const [worst] = [...beyond].sort((left, right) => Number(right.isCertain) - Number(left.isCertain));
  if (worst !== undefined) {
    const { offsetBytes, sizeBytes, setting, isCertain } = worst;
    const reason = `it reads bytes ${offsetBytes} to ${offsetBytes + sizeBytes - 1} of a record that has ${end}`;
    if (setting !== undefined) {
      const depends = `${reason}, or not: that depends on ${setting}`;
      return [{ ...about, outcome: 'unknown', certainty: 'not checked', reason: depends }];
    }
    const cure = 'Use a version of the package that reads the fields of this tracepoint as this kernel has them';
    return [{ ...about, outcome: 'missing', certainty: isCertain ? 'proved' : 'inferred', reason, cure }];
  }
  const crossing = reads.filter((read) => !fields.some((field) => isWithin(read, field)));
  if (crossing.length === 0) return [];
  const places = crossing.map(({ offsetBytes, sizeBytes }) => `${sizeBytes} at ${offsetBytes}`).join(', ');
  const reason = `it reads bytes that are no field of this kernel's record: ${places}`;
  const cure = 'What it shows may be wrong: use a version of the package that was written for this kernel';
  return [{ ...about, outcome: 'warning', certainty: 'inferred', reason, cure }];
}

function isWithin({ offsetBytes, sizeBytes }: ReachedContext, field: TracepointField): boolean {
  return offsetBytes >= field.offsetBytes && offsetBytes + sizeBytes <= field.offsetBytes + field.sizeBytes;
}
