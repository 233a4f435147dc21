import { EbpmError } from '@ebpm/formats';
import type { ConsentClass } from '@ebpm/object';
import type { StartTool } from '@ebpm/runner';
import { MAX_TOOL_DEPTH } from '@ebpm/wasm';
import { agreeToRun } from '../consent/agree-to-run.js';
import type { Context } from '../context.js';
import { refuseRevoked } from '../run-revocations.js';
import { exactInput, labelOf, type PackageTool, type PackageTools } from './package-tools.js';
import { spawnTool } from './spawn-tool.js';

/** Whose tools are started, and what was agreed to with it. */
export interface ToolStarterOptions {
  /** What the package is called. */
  readonly name: string;
  readonly tools: PackageTools;
  /** What `--allow` agreed to, of the package and of its tools. */
  readonly allow: readonly ConsentClass[];
  /** How many packages have started each other to start this one. */
  readonly depth: number;
  /** Whether what full buffers of tools refuse is counted, as for the package itself. */
  readonly countsRefusals: boolean;
}

/** Linux's numbers. */
const EPERM = 1;
const ENOENT = 2;
const EMFILE = 24;

/** Gives what starts the tools of a package, those alone that were agreed to with it, as `ebpm run --json` would. */
export function toolStarter(context: Context, options: ToolStarterOptions): StartTool {
  const { name: starter, tools, allow, depth, countsRefusals } = options;
  return async ({ name, args, onAttached }) => {
    if (depth >= MAX_TOOL_DEPTH) throw refused(name, `tools start others ${MAX_TOOL_DEPTH} deep at most`, EMFILE);
    const tool = tools.own.get(name);
    if (tool !== undefined) {
      await refuseChanged(context, tool, allow);
      return spawnTool(context, { tool: labelOf(tool), args, allow, depth: depth + 1, countsRefusals, onAttached });
    }
    const reason =
      tools.missing.get(name) ?? `it is no tool that "${starter}" names in "dependencies" of its ebpm.json`;
    throw refused(name, reason, ENOENT);
  };
}

/** What was agreed to before may hold no more: other bytes, a policy, a revocation. The tool itself looks again. */
async function refuseChanged(context: Context, tool: PackageTool, allow: readonly ConsentClass[]): Promise<void> {
  try {
    const input = await exactInput(context, tool);
    if (input === undefined) throw refused(tool.name, 'it is not installed any more', ENOENT);
    if (input.installed?.entry?.digest !== tool.input.installed?.entry?.digest) {
      throw refused(tool.name, 'other bytes of it are installed than were agreed to', EPERM);
    }
    if (input.installed !== undefined) await refuseRevoked(context, input.installed);
    // Nobody is asked while something runs.
    const silent = { ...context, stderr: { write: (text: string | Uint8Array) => context.stderr.write(text) } };
    await agreeToRun(silent, { input, pkg: tool.pkg, allow, spec: labelOf(tool) });
  } catch (error) {
    if (!(error instanceof EbpmError) || error.code === 'EBPM_TOOL_REFUSED') throw error;
    throw new EbpmError('EBPM_TOOL_REFUSED', error.message, { cause: error, data: { errno: EPERM } });
  }
}

function refused(name: string, reason: string, errno: number): EbpmError {
  return new EbpmError('EBPM_TOOL_REFUSED', `Cannot start "${name}": ${reason}`, { data: { errno } });
}
