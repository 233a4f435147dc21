import { EbpmError } from '@ebpm/formats';
import type { OBJECT_ERRORS } from './errors.js';

type Code = keyof typeof OBJECT_ERRORS;

const SUBJECTS = { ELF: 'ELF file', BTF: 'BTF', OBJECT: 'eBPF object' } as const;

/** Where in the input something is wrong, for programs. */
export interface Place {
  readonly section?: string;
  readonly typeId?: number;
  readonly offsetBytes?: number;
}

/** The error for input that is refused: `Cannot read BTF: type 7: ...`. */
export function refusal(code: Code, reason: string, place: Place = {}, hint?: string): EbpmError {
  const area = code.split('_')[1] as keyof typeof SUBJECTS;
  return new EbpmError(code, `Cannot read ${SUBJECTS[area]}: ${reason}`, {
    data: { ...place },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The error for a BTF type that is refused. */
export function typeRefusal(typeId: number, reason: string): EbpmError {
  return refusal('EBPM_BTF_INVALID', `type ${typeId}: ${reason}`, { typeId });
}
