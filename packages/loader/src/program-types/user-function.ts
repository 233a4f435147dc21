import { EbpmError } from '@ebpm/formats';
import { attachBySection, held } from './attach-by-section.js';
import { pathTarget, pidTarget, targetMissing } from './find-target.js';
import type { Attachment, AttachRequest } from './program-type.js';

/**
 * Attaches to a function of a program or library: the one that the section names, unless a flag or the package says otherwise.
 * @throws EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING
 */
export function attachToUserFunction(request: AttachRequest, onReturn: boolean): Attachment {
  const { native, program, kind, settings } = request;
  const named = kind.attach?.kind === 'user_function' ? kind.attach : undefined;
  const path = pathTarget(request);
  const pid = pidTarget(request);
  const symbol = settings.target?.symbol ?? named?.symbol;
  if (path === undefined && pid === undefined && settings.target?.symbol === undefined && named !== undefined) {
    return attachBySection(request);
  }
  const file = path ?? named?.path;
  if (file === undefined) throw targetMissing(program, 'path');
  if (symbol === undefined) throw symbolMissing(request);
  // libbpf takes a bare number as an offset where it is given no name.
  const offset = named?.symbol === symbol ? (named.offsetBytes ?? 0) : 0;
  const absolute = /^(0x[0-9a-f]+|[0-9]+)$/i.test(symbol) ? Number(symbol) : undefined;
  const link =
    absolute === undefined
      ? native.attachUprobe(program.name, pid ?? -1, file, symbol, offset, onReturn)
      : native.attachUprobe(program.name, pid ?? -1, file, '', absolute, onReturn);
  return held(link, `${file}:${symbol}${pid === undefined ? '' : ` of process ${pid}`}`);
}

function symbolMissing({ program }: AttachRequest): EbpmError {
  return new EbpmError(
    'EBPM_ATTACH_TARGET_MISSING',
    `Cannot attach "${program.name}" to ${program.section}: neither its section nor the package names a function`,
    {
      hint: 'annotate the program in its source: /// @target {"symbol": "NAME"}',
      data: { program: program.name, section: program.section },
    },
  );
}
