import { type BpfExtern, type Btf, type BtfType, essentialName, type OpenBtf, typesCompatible } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { Finding } from './finding.js';
import type { Host } from './host.js';

/** Functions and variables of the kernel that a package names in `__ksym`. */
export interface CheckedSymbols {
  /** Whether the kernel has them, by name without flavour; what is not known is not there. */
  readonly known: ReadonlyMap<string, boolean>;
  readonly findings: readonly Finding[];
}

/**
 * Looks up what is in `__ksym` as libbpf does: one that is not weak stops the package where the kernel does not have it, or has it with other
 * types.
 */
export function checkSymbols({ object }: RunnablePackage, host: Host): CheckedSymbols {
  const { btf } = object;
  const known = new Map<string, boolean>();
  if (btf === undefined) return { known, findings: [] };
  const findings = object.externs
    .filter(({ section }) => section === '.ksyms')
    .flatMap((extern): readonly Finding[] => {
      const found = lookUp(extern, btf, host);
      if (found === undefined) return [open(extern, 'unknown', 'not checked', 'it cannot be looked for')];
      // Without one that is not weak the package does not load at all.
      if (found === 'there' || extern.weak) known.set(essentialName(extern.name), found === 'there');
      if (found === 'there' || (found === 'gone' && extern.weak)) return [];
      const reason = found === 'gone' ? 'this kernel does not have it' : 'its types in this kernel are others';
      return [open(extern, 'missing', host.certainty === 'inferred' ? 'inferred' : 'proved', reason)];
    });
  return { known, findings };
}

type Found = 'there' | 'gone' | 'other types';

function lookUp({ name: flavoured, typeId }: BpfExtern, own: Btf, host: Host): Found | undefined {
  const name = essentialName(flavoured);
  const type = own.type(typeId);
  const variableTypeId = type.kind === 'var' ? type.typeId : undefined;
  // `extern const void NAME __ksym` asks for an address only.
  if (variableTypeId !== undefined && own.resolve(variableTypeId).kind === 'void') {
    const isThere = host.hasSymbol(name);
    return isThere === undefined ? undefined : isThere ? 'there' : 'gone';
  }
  const kernel = host.btf();
  if (kernel === undefined) return undefined;
  const kind = type.kind === 'func' ? 'func' : 'var';
  for (const types of [kernel, ...host.moduleBtfs([name])]) {
    const found = types.find(name, kind);
    if (found !== undefined) return isAlike(own, type, types, found) ? 'there' : 'other types';
  }
  // Of another kernel the types of modules are not known.
  return host.certainty === 'inferred' ? undefined : 'gone';
}

function isAlike(own: Btf, type: BtfType, kernel: OpenBtf, found: BtfType): boolean {
  if (!('typeId' in type) || !('typeId' in found)) return true;
  const spend = () => {};
  const ownId = own.resolve(type.typeId).id;
  const kernelId = kernel.resolve(found.typeId).id;
  return typesCompatible({ btf: own, id: ownId, spend }, { btf: kernel, id: kernelId, spend });
}

function open(
  { name }: BpfExtern,
  outcome: 'missing' | 'unknown',
  certainty: Finding['certainty'],
  reason: string,
): Finding {
  const cure =
    outcome === 'missing' ? { cure: 'Use a kernel that has it, or a version of the package for this one' } : {};
  return {
    code: 'kernel_symbol',
    subject: `kernel symbol "${name}"`,
    outcome,
    certainty,
    reason,
    wants: name,
    ...cure,
  };
}
