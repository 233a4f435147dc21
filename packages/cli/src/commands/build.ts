import { join } from 'node:path';
import { buildProject, type MadeFile } from '@ebpm/compiler';
import { digestOf, EbpmError } from '@ebpm/formats';
import type { CliBuild } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { compilerOptions } from '../compiler-options.js';
import { writeOutput } from '../write-output.js';

/** `ebpm build [DIR]`: turns a project's sources into a package. */
export default class Build extends BaseCommand {
  static override summary = 'Build a package from its sources';
  static override description =
    'Compiles NAME.bpf.c with clang and writes dist/package.json. DIR has an ebpm.json, the source and NAME.h with the struct of its events. With "entry": "app.wasm" it compiles app.c, or app.ts with AssemblyScript, and writes dist/app.wasm, which carries the objects of all *.bpf.c; what was generated for the source is in dist/skel.';
  static override examples = [
    '<%= config.bin %> build',
    '<%= config.bin %> build examples/sigsnoop --out /tmp/sigsnoop.json',
  ];
  static override args = { dir: Args.string({ description: 'the project', default: '.' }) };
  static override flags = {
    out: Flags.string({ char: 'o', description: 'file to write instead of the one in DIR/dist', helpValue: 'FILE' }),
  };

  async run(): Promise<CliBuild> {
    const { args, flags } = await this.parse(Build);
    const built = await buildProject(await compilerOptions(this.context, args.dir));
    // The compilers' own words, as they wrote them.
    this.context.stderr.write(built.diagnostics);
    const { name, version } = built.manifest;
    const placed = places(args.dir, built.files, flags.out);
    for (const { path, bytes } of placed) {
      await writeOutput(path, bytes);
      if (!this.jsonEnabled()) this.context.stdout.write(`${name}@${version}: ${path} (${bytes.length} bytes)\n`);
    }
    const skeletons = flags.out === undefined ? built.skeletons : [];
    for (const { path, bytes } of skeletons) await writeOutput(join(args.dir, SKELETON_FOLDER, path), bytes);
    const files = placed.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length, digest: digestOf(bytes) }));
    const [first = NOTHING] = files;
    return { name, version, ...first, files };
  }
}

/** Every project has a file to build; this is for the compiler's eyes. */
const NOTHING = { path: '', sizeBytes: 0, digest: '' };

/** Where editors find what was generated. */
const SKELETON_FOLDER = 'dist/skel';

/** Where each file goes. @throws EBPM_USAGE_INVALID for one name and several files */
function places(dir: string, files: readonly MadeFile[], out: string | undefined): readonly MadeFile[] {
  if (out === undefined) return files.map(({ path, bytes }) => ({ path: join(dir, 'dist', path), bytes }));
  if (files.length === 1) return files.map(({ bytes }) => ({ path: out, bytes }));
  const names = files.map(({ path }) => `"${path}"`).join(' and ');
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot write ${names} into "${out}": --out names one file`, {
    hint: `Type: ebpm build ${dir}\nIt writes them into ${join(dir, 'dist')}`,
  });
}
