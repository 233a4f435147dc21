import type { CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { BtfEnum, BtfType } from '../btf-type.js';
import { essentialName } from '../essential-name.js';
import { type AccessPath, ownPath } from './access-path.js';
import type { Candidate } from './candidate-lists.js';
import { type CoreMiss, CoreRefusal } from './core-miss.js';
import type { FieldValue } from './field-value.js';
import { isFatal, matchPath, type PathMismatch, type SpendSteps } from './match-path.js';
import type { PatchValues } from './patch-instruction.js';
import { type Destination, enumValue, findValue, valueAt, valueOfNothing } from './relocation-value.js';
import { fieldWords, typeWords } from './subject-text.js';
import { TooDeep, typesCompatible } from './types-compatible.js';
import { typesMatch } from './types-match.js';

/** What an instruction is to get, or why there is nothing that it could. */
export type Calculated =
  | ({ readonly kind: 'values'; readonly subject: string } & PatchValues)
  | { readonly kind: 'nothing'; readonly miss: CoreMiss };

/** What a relocation comes to, with the candidates that have what it asks for. */
export interface CalculatedAmong {
  readonly calculated: Calculated;
  readonly matching: readonly Candidate[];
}

/** Calculates what the relocations of an object come to. */
export class RelocationCalculator {
  readonly #own: Btf;
  readonly #spend: SpendSteps;

  constructor(own: Btf, spend: SpendSteps) {
    this.#own = own;
    this.#spend = spend;
  }

  /** A relocation that is about the object's own types alone. */
  local(relocation: CoreRelocation): Calculated {
    const own = this.#valueAt(relocation, this.#home(relocation));
    return { kind: 'values', subject: this.#subject(relocation), own, value: own, canResize: false };
  }

  /** A relocation that leads into one of some types, or several that agree. @throws CoreRefusal */
  among(relocation: CoreRelocation, candidates: readonly Candidate[]): CalculatedAmong {
    const home = this.#home(relocation);
    const found: Found[] = [];
    const mismatches: PathMismatch[] = [];
    for (const candidate of candidates) {
      this.#spend(1);
      const destination = this.#destination(relocation, home, candidate);
      if (destination === undefined) continue;
      if ('code' in destination) {
        if (isFatal(destination)) throw new CoreRefusal(this.#miss(relocation, home, destination));
        mismatches.push(destination);
        continue;
      }
      const values = this.#values(relocation, { home, candidate, destination });
      this.#checkAgreement(relocation, found[0], { candidate, destination, values });
      found.push({ candidate, destination, values });
    }
    const [first] = found;
    if (first === undefined)
      return { calculated: this.#nothing(relocation, home, candidates, mismatches), matching: [] };
    const calculated: Calculated = { kind: 'values', subject: this.#subject(relocation, home), ...first.values };
    return { calculated, matching: found.map(({ candidate }) => candidate) };
  }

  /** Where a relocation leads in the object's own types. */
  #home(relocation: CoreRelocation): Destination {
    const { kind, typeId, access } = relocation;
    if (kind.startsWith('type_')) return { kind: 'type', btf: this.#own, typeId };
    if (kind.startsWith('field_')) return { kind: 'field', path: ownPath(this.#own, relocation) };
    return { kind: 'value', value: enumValue(enumOf(this.#own.resolve(typeId)), access[0] ?? 0) };
  }

  /** The same in a candidate; undefined where its types or values do not have it. */
  #destination(relocation: CoreRelocation, home: Destination, candidate: Candidate) {
    if (home.kind === 'field') return this.#field(home.path, candidate);
    return home.kind === 'type' ? this.#type(relocation, candidate) : this.#value(relocation, candidate);
  }

  #field(path: AccessPath, candidate: Candidate): Destination | PathMismatch {
    const matched = matchPath(path, candidate, this.#spend);
    return 'code' in matched ? matched : { kind: 'field', path: matched };
  }

  #type({ kind, typeId }: CoreRelocation, { btf, typeId: targetId }: Candidate): Destination | undefined {
    const own = { btf: this.#own, id: typeId, spend: this.#spend };
    const target = { btf, id: targetId, spend: this.#spend };
    try {
      const isSame = kind === 'type_matches' ? typesMatch(own, target) : typesCompatible(own, target);
      return isSame ? { kind: 'type', btf, typeId: targetId } : undefined;
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      throw new CoreRefusal({ code: 'too_deep', subject: typeWords(this.#own, typeId) });
    }
  }

  #value(relocation: CoreRelocation, { btf, typeId }: Candidate): Destination | undefined {
    const target = btf.resolve(typeId);
    if (target.kind !== 'enum' && target.kind !== 'enum64') return undefined;
    this.#spend(target.values.length);
    const index = findValue(target, this.#valueName(relocation));
    return index === undefined ? undefined : { kind: 'value', value: enumValue(target, index) };
  }

  #values(
    relocation: CoreRelocation,
    { home, candidate, destination }: Pick<Found, 'candidate' | 'destination'> & { readonly home: Destination },
  ): PatchValues {
    const own = this.#valueAt(relocation, home);
    const value = this.#valueAt(relocation, destination);
    return { own, value, canResize: isResizable(this.#own.type(own.typeId), candidate.btf.type(value.typeId)) };
  }

  #valueAt(relocation: CoreRelocation, destination: Destination): FieldValue {
    const value = valueAt(relocation, destination);
    if (typeof value !== 'string') return value;
    throw new CoreRefusal({ code: value, subject: this.#subject(relocation) });
  }

  #checkAgreement(relocation: CoreRelocation, first: Found | undefined, next: Found): void {
    if (first === undefined) return;
    const isSame = first.values.value.value === next.values.value.value;
    if (isSame && offsetOf(first.destination) === offsetOf(next.destination)) return;
    const [wanted, found] = [first, next].map(({ values, destination }) =>
      destination.kind === 'field' && isSame ? `bit ${offsetOf(destination)}` : `${values.value.value}`,
    ) as [string, string];
    throw new CoreRefusal({ code: 'ambiguous', subject: this.#subject(relocation), wanted, found });
  }

  #nothing(
    relocation: CoreRelocation,
    home: Destination,
    candidates: readonly Candidate[],
    mismatches: readonly PathMismatch[],
  ): Calculated {
    const own = this.#valueAt(relocation, home);
    const value = valueOfNothing(relocation);
    const subject = this.#subject(relocation, home);
    if (value !== undefined) return { kind: 'values', subject, own, value, canResize: false };
    if (candidates.length === 0) {
      const miss: CoreMiss = { code: 'no_type', subject: typeWords(this.#own, relocation.typeId) };
      return { kind: 'nothing', miss };
    }
    // The candidate with which it went furthest says most.
    const furthest = mismatches.reduce<PathMismatch | undefined>(
      (best, mismatch) => (best === undefined || mismatch.step > best.step ? mismatch : best),
      undefined,
    );
    const miss: CoreMiss =
      furthest === undefined ? { code: 'no_value', subject } : this.#miss(relocation, home, furthest);
    return { kind: 'nothing', miss };
  }

  #miss(relocation: CoreRelocation, home: Destination, { code, step, wanted, found }: PathMismatch): CoreMiss {
    const steps = home.kind === 'field' ? home.path.steps : [];
    const subject = fieldWords(this.#own, relocation, steps, step + 1);
    return { code, subject, ...(wanted !== undefined && { wanted }), ...(found !== undefined && { found }) };
  }

  #subject(relocation: CoreRelocation, home: Destination = this.#home(relocation)): string {
    if (home.kind === 'field') return fieldWords(this.#own, relocation, home.path.steps);
    const type = typeWords(this.#own, relocation.typeId);
    return home.kind === 'type' ? type : `${type.replace(/^enum /, '')}.${essentialName(this.#valueName(relocation))}`;
  }

  #valueName({ typeId, access }: CoreRelocation): string {
    return enumOf(this.#own.resolve(typeId)).values[access[0] ?? 0]?.name ?? '';
  }
}

interface Found {
  readonly candidate: Candidate;
  readonly destination: Destination;
  readonly values: PatchValues;
}

function enumOf(type: BtfType): BtfEnum {
  if (type.kind !== 'enum' && type.kind !== 'enum64') throw new TypeError(`type ${type.id} is no enum`);
  return type;
}

function offsetOf(destination: Destination): number {
  return destination.kind === 'field' ? destination.path.offsetBits : 0;
}

/**
 * Whether a read keeps its meaning in the size that the kernel's field has: of pointers and of unsigned integers, which are filled up
 * with zeros.
 */
function isResizable(own: BtfType, target: BtfType): boolean {
  if (own.kind === 'ptr' && target.kind === 'ptr') return true;
  return own.kind === 'int' && target.kind === 'int' && !isSignedInt(own) && !isSignedInt(target);
}

function isSignedInt(type: BtfType): boolean {
  return type.kind === 'int' && type.signed && !type.char && !type.bool;
}
