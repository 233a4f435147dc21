import { asksOf, judge } from '@ebpm/object';
import type { CliInspect } from '@ebpm/schemas';
import type { Context } from '../context.js';
import type { PackageInput } from '../package-source.js';
import { type PackageTool, packageTools } from './package-tools.js';

/** What is said of the tools that a package can start, where it can start any. @throws what packageTools throws */
export async function inspectedTools(
  context: Context,
  input: PackageInput,
): Promise<Pick<CliInspect, 'tools' | 'missingTools'>> {
  const { all, missing } = await packageTools(context, input);
  return {
    ...(all.length > 0 && { tools: all.map(inspectedTool) }),
    ...(missing.size > 0 && { missingTools: Object.fromEntries(missing) }),
  };
}

function inspectedTool({ name, version, pkg }: PackageTool): NonNullable<CliInspect['tools']>[number] {
  const facts = { objects: [...pkg.facts()] };
  const found = judge(facts);
  const classes = found.permissions.map((permission) => permission.class);
  return { name, version, classes, asks: asksOf(facts, found).map((ask) => ask.class) };
}
