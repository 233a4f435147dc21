/** What one function of an object does itself, without what it calls. */
export interface FunctionUse {
  readonly helpers: readonly HelperCall[];
  readonly kernelFunctions: readonly KernelFunctionCall[];
  readonly calls: readonly FunctionCall[];
  /** Names of the maps that it refers to. */
  readonly maps: ReadonlySet<string>;
  /** Kernel variables (`.ksyms`) that it refers to. */
  readonly kernelVariables: ReadonlySet<string>;
  /** What it can return; undefined where that is not known. */
  readonly returns: Returns | undefined;
  readonly writesContext: boolean;
  /** Whether it writes to memory that is not provably its own: a packet, or what a pointer from elsewhere points to. */
  readonly writesElsewhere: boolean;
  /** Opcodes that no one can judge, and calls and references that lead nowhere. */
  readonly unknown: ReadonlySet<string>;
}

/** The numbers that a function returns, and the functions whose result it hands on. */
export interface Returns {
  readonly numbers: ReadonlySet<number>;
  readonly functions: ReadonlySet<number>;
}

/** Where a call stands behind constant globals: each condition with the global that it is about. */
export type Conditions = ReadonlyMap<string, string>;

/** A call of a helper. */
export interface HelperCall {
  readonly id: number;
  readonly conditions: Conditions;
  /** Of a read of kernel memory: not of a field that a CO-RE relocation names. */
  readonly untyped: boolean;
  /** Of a format: prints what stands at an address that is not provably the program's own. */
  readonly text: boolean;
}

/** A call of a kernel function, by its name without flavour, or by a number of a kernel's BTF. */
export interface KernelFunctionCall {
  readonly name: string;
  readonly conditions: Conditions;
}

/** A call of another function of the object, or a place where it is handed to the kernel to be called back. */
export interface FunctionCall {
  readonly callee: number;
  readonly conditions: Conditions;
}
