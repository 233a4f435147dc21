import { CLASS, OPCODE } from './instructions.js';

/** What an instruction does, as far as it matters to whoever judges a program. */
export type InstructionKind =
  | 'arithmetic'
  | 'move'
  | 'load'
  | 'load64'
  | 'packet'
  | 'store'
  | 'atomic'
  | 'jump'
  | 'branch'
  | 'call'
  | 'exit'
  | 'unknown';

/**
 * The kind of an opcode; `unknown` for every one that RFC 9669 does not define, with whatever a later kernel may have made of it.
 * @see https://www.rfc-editor.org/rfc/rfc9669#section-4
 */
export function instructionKind(opcode: number): InstructionKind {
  return KINDS[opcode] ?? 'unknown';
}

const KINDS: readonly InstructionKind[] = Array.from({ length: 256 }, (_, opcode) => kindOf(opcode));

function kindOf(opcode: number): InstructionKind {
  const operation = opcode >>> 4;
  const bySource = (opcode & 0x08) !== 0;
  switch (opcode & 0x07) {
    case CLASS.alu:
    case CLASS.alu64:
      return arithmetic(operation, bySource, (opcode & 0x07) === CLASS.alu64);
    case CLASS.jmp:
    case CLASS.jmp32:
      return jump(opcode, operation);
    case CLASS.ld:
      if (opcode === OPCODE.load64) return 'load64';
      // BPF_ABS and BPF_IND in three sizes: loads from the packet.
      return [0x20, 0x28, 0x30, 0x40, 0x48, 0x50].includes(opcode) ? 'packet' : 'unknown';
    case CLASS.ldx: {
      const mode = opcode >>> 5;
      const isDouble = (opcode & 0x18) === 0x18;
      return mode === 3 || (mode === 4 && !isDouble) ? 'load' : 'unknown';
    }
    case CLASS.st:
      return opcode >>> 5 === 3 ? 'store' : 'unknown';
    default: {
      const mode = opcode >>> 5;
      const isWordOrDouble = (opcode & 0x18) === 0x00 || (opcode & 0x18) === 0x18;
      if (mode === 6 && isWordOrDouble) return 'atomic';
      return mode === 3 ? 'store' : 'unknown';
    }
  }
}

function arithmetic(operation: number, bySource: boolean, is64: boolean): InstructionKind {
  if (operation === 0xb) return 'move';
  // Byte swaps: to a named order in 32 bits, always in 64. Negation has no operand.
  if (operation === 0xd) return is64 && bySource ? 'unknown' : 'arithmetic';
  if (operation === 0x8) return bySource ? 'unknown' : 'arithmetic';
  return operation <= 0xc ? 'arithmetic' : 'unknown';
}

function jump(opcode: number, operation: number): InstructionKind {
  if (opcode === OPCODE.call) return 'call';
  if (opcode === OPCODE.exit) return 'exit';
  if (opcode === OPCODE.always || opcode === OPCODE.alwaysFar) return 'jump';
  if (operation === 0 || operation === 8 || operation === 9) return 'unknown';
  if (opcode === OPCODE.mayGoto) return 'branch';
  return operation <= 0xd ? 'branch' : 'unknown';
}
