import type { Finding, RunnablePackage } from '@ebpm/runner';
import { checkedParts } from '../checked-parts.js';
import type { Context } from '../context.js';
import type { PackageInput } from '../package-source.js';
import { moduleFindings } from '../wasm/module-findings.js';
import { labelOf, packageTools } from './package-tools.js';

/** An object that is checked. */
export interface CheckedPart {
  readonly pkg: RunnablePackage;
  /** The tool that it is of, with its version; default: what was named itself. */
  readonly tool?: string;
}

/** What is checked of the tools that a module can start, and what is known already. */
export interface ToolsToCheck {
  readonly parts: readonly CheckedPart[];
  readonly findings: readonly Finding[];
}

/** The objects of the tools that a package can start; of those that are not there, that they are not, and of modules among them what they cannot be run for. @throws what packageTools and openPackage throw */
export async function toolsToCheck(context: Context, input: PackageInput): Promise<ToolsToCheck> {
  const { all, missing } = await packageTools(context, input);
  const parts = all.flatMap((tool) =>
    checkedParts(tool.input, []).packages.map((pkg) => ({ pkg, tool: labelOf(tool) })),
  );
  const unusable = all.flatMap((tool) => moduleFindings(tool.input, labelOf(tool)));
  const notThere = [...missing].map(
    ([name, reason]): Finding => ({
      code: 'tool',
      subject: `tool "${name}"`,
      outcome: 'warning',
      certainty: 'proved',
      reason,
    }),
  );
  return { parts, findings: [...unusable, ...notThere] };
}
