export type { AttachTarget } from './attach-target.js';
export {
  type BpfExtern,
  type BpfMap,
  type BpfMapDefinition,
  type BpfObject,
  type BpfProgram,
  CORE_RELOCATION_KINDS,
  type CoreRelocation,
  type CoreRelocationKind,
  type DataSection,
  type DataVariable,
} from './bpf-object.js';
export type { Btf } from './btf.js';
export type { TypeTextOptions } from './btf-c-text.js';
export { type AddedMember, BtfExtension } from './btf-extension.js';
export {
  BTF_KINDS,
  type BtfArray,
  type BtfComposite,
  type BtfDatasec,
  type BtfDeclTag,
  type BtfEnum,
  type BtfEnumValue,
  type BtfFloat,
  type BtfFunc,
  type BtfFuncProto,
  type BtfFwd,
  type BtfInt,
  type BtfKind,
  type BtfLinkage,
  type BtfMember,
  type BtfParam,
  type BtfReference,
  type BtfSectionVariable,
  type BtfType,
  type BtfVar,
  type BtfVoid,
} from './btf-type.js';
export { CheckedObject } from './checked-object.js';
export { type ArgumentUse, type ArgumentUsesOptions, argumentUses } from './core/argument-uses.js';
export { CORE_MISS_CODES, type CoreMiss, type CoreMissCode } from './core/core-miss.js';
export {
  type ReachedCall,
  type ReachedCode,
  type ReachedContext,
  type ReachedPoison,
  type ReachOptions,
  reachCode,
} from './core/reach-code.js';
export { reachPoison } from './core/reach-poison.js';
export {
  type CoreOutcome,
  type ResolvedRelocation,
  type ResolveOptions,
  resolveRelocations,
} from './core/resolve-relocations.js';
export { type StructOpsMember, type StructOpsTable, structOpsTables } from './core/struct-ops-tables.js';
export { typesCompatible } from './core/types-compatible.js';
export { coreRoots } from './core-roots.js';
export type { ElfFile, ElfRelocation, ElfSection, ElfSymbol } from './elf-file.js';
export { OBJECT_ERRORS } from './errors.js';
export { essentialName } from './essential-name.js';
export { carriesEvents, PERF_EVENT_ARRAY, RINGBUF } from './event-maps.js';
export { FACTS_VERSION } from './facts/facts-version.js';
export { type MapMemory, mapMemory } from './facts/map-memory.js';
export { checkedObjectFacts, objectFacts } from './facts/object-facts.js';
export { objectsInWasm } from './facts/objects-in-wasm.js';
export { factsBytes, packageFacts } from './facts/package-facts.js';
export { internalMapName } from './internal-map-name.js';
export { mapTypeName } from './map-types.js';
export { EWASM_SIGNATURES } from './module/ewasm-signatures.js';
export { COMMAND_SIGNATURES, YEAR_2022_SIGNATURES } from './module/host-signatures.js';
export { type ImportProblem, importProblem } from './module/import-problem.js';
export { importsFunction } from './module/imports-function.js';
export { moduleProblem } from './module/module-problem.js';
export { WASI_SIGNATURES } from './module/wasi-signatures.js';
export { type OpenBtf, openBtf, openModuleBtf } from './open-btf.js';
export { type OutputCall, outputCalls } from './output-calls.js';
export { type Ask, asksOf } from './permissions/asks.js';
export { CHANGE_KINDS, compareFacts, type FactChange } from './permissions/compare-facts.js';
export {
  CONSENT,
  CONSENT_CLASSES,
  type Consent,
  type ConsentClass,
  isConsentClass,
  meaningOf,
} from './permissions/consent-table.js';
export type { Evidence, Permission, Permissions } from './permissions/evidence.js';
export { exceedingFacts } from './permissions/exceeding-facts.js';
export { helperName } from './permissions/helper-table.js';
export { judge, permissionClasses } from './permissions/judge.js';
export {
  isPermissionClass,
  PERMISSION_CLASSES,
  PERMISSIONS_VERSION,
  type PermissionClass,
} from './permissions/permission-class.js';
export { type ProgramKind, programKind } from './program-kind.js';
export { ATTACH_TYPES, type AttachType, PROGRAM_TYPES, type ProgramType } from './program-types.js';
export { readBtf } from './read-btf.js';
export { readElf } from './read-elf.js';
export { readObject } from './read-object.js';
export { usesKernelBtf } from './uses-kernel-btf.js';
