import { basename, join } from 'node:path';
import { type GeneratedSkeletons, type GuestLanguage, objectSkeleton, projectSkeletons } from '@ebpm/compiler';
import { EbpmError, readPackageContent } from '@ebpm/formats';
import type { CliSkeletons } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';
import { compilerOptions } from '../../compiler-options.js';
import { isFolder } from '../../is-folder.js';
import { readInputFile } from '../../package-source.js';
import { writeOutput } from '../../write-output.js';

/** `ebpm gen wasm-skel [PATH]`: skeletons for guests that are built by other means than `ebpm build`. */
export default class GenWasmSkel extends BaseCommand {
  static override summary = 'Generate what a WASM guest needs to use eBPF objects';
  static override description =
    'Writes NAME.skel.h or NAME.skel.ts for every *.bpf.c of a project, or for one object, and the library that they include: ebpm.h or ebpm.ts. "ebpm build" does the same by itself; this is for builds of your own.';
  static override examples = [
    '<%= config.bin %> gen wasm-skel',
    '<%= config.bin %> gen wasm-skel opensnoop.bpf.o --language ts --out src',
  ];
  static override args = {
    path: Args.string({ description: "a project's folder, an object, or a package.json", default: '.' }),
  };
  static override flags = {
    language: Flags.option({
      char: 'l',
      description:
        "language of the guest: C, or TypeScript for AssemblyScript (default: that of the project's guest, or c)",
      options: ['c', 'ts'] as const,
    })(),
    out: Flags.string({
      char: 'o',
      description: 'folder to write into (default: dist/skel of the project; this folder for an object)',
      helpValue: 'FOLDER',
    }),
    struct: Flags.string({
      description: 'another struct of the object that the guest is to know; may be given several times',
      multiple: true,
      helpValue: 'NAME',
    }),
  };

  async run(): Promise<CliSkeletons> {
    const { args, flags } = await this.parse(GenWasmSkel);
    const ofProject = await isFolder(args.path);
    const made = ofProject
      ? await this.#ofProject(args.path, flags)
      : await this.#ofFile(args.path, flags.language, flags.struct);
    this.context.stderr.write(made.diagnostics);
    const folder = flags.out ?? (ofProject ? join(args.path, 'dist/skel') : '.');
    const files = made.files.map(({ path, bytes }) => ({ path: join(folder, path), bytes }));
    for (const { path, bytes } of files) {
      await writeOutput(path, bytes);
      if (!this.jsonEnabled()) this.context.stdout.write(`${path} (${bytes.length} bytes)\n`);
    }
    return { language: made.language, files: files.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length })) };
  }

  async #ofProject(dir: string, { language, struct }: SkeletonFlags): Promise<GeneratedSkeletons> {
    if (struct === undefined) return await projectSkeletons(await compilerOptions(this.context, dir), language);
    throw new EbpmError('EBPM_USAGE_INVALID', `Cannot take --struct for "${dir}": it is a project`, {
      hint: 'A guest knows the structs of NAME.h beside NAME.bpf.c; write yours there\nOr name an object: ebpm gen wasm-skel x.bpf.o --struct NAME',
    });
  }

  async #ofFile(
    path: string,
    language: GuestLanguage = 'c',
    structs: readonly string[] = [],
  ): Promise<GeneratedSkeletons> {
    const { bytes, source, object: beside } = await readInputFile(path);
    const content = readPackageContent(bytes, source);
    const object = 'object' in content ? content.object : beside;
    if (object === undefined) throw noObject(path);
    const name = 'meta' in content ? content.meta.bpf_skel.obj_name.replace(/_bpf$/, '') : basename(path);
    return await objectSkeleton({ stem: name.replace(/(\.bpf)?\.o$/, ''), object, structs }, language);
  }
}

interface SkeletonFlags {
  readonly language: GuestLanguage | undefined;
  readonly struct: readonly string[] | undefined;
}

function noObject(path: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_UNSUPPORTED', `Cannot make a skeleton of "${path}": it has no eBPF object`, {
    hint: 'Name the object, or put it beside its metadata',
  });
}
