import { join } from 'node:path';
import { buildPackage } from '@ebpm/compiler';
import { digestOf } from '@ebpm/formats';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { dependencyHeaders } from '../dependency-headers.js';
import { headerTypes } from '../header-types.js';
import { writeOutput } from '../write-output.js';

/** What `ebpm build --json` prints. */
interface BuildOutcome {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: string;
}

/** `ebpm build [DIR]`: turns a project's C source into a package. */
export default class Build extends BaseCommand {
  static override summary = 'Build a package from C source';
  static override description =
    'Compiles NAME.bpf.c with clang and writes dist/package.json. DIR has an ebpm.json, the source and NAME.h with the struct of its events.';
  static override examples = [
    '<%= config.bin %> build',
    '<%= config.bin %> build examples/sigsnoop --out /tmp/sigsnoop.json',
  ];
  static override args = { dir: Args.string({ description: 'the project', default: '.' }) };
  static override flags = {
    out: Flags.string({ char: 'o', description: 'file to write instead of DIR/dist/package.json', helpValue: 'FILE' }),
  };

  async run(): Promise<BuildOutcome> {
    const { args, flags } = await this.parse(Build);
    const path = flags.out ?? join(args.dir, 'dist/package.json');
    const built = await buildPackage({
      dir: args.dir,
      searchPath: this.context.env['PATH'] ?? '',
      cacheDir: join(this.context.cacheFolder, 'headers'),
      color: this.context.stderr.isTTY === true && !this.context.env['NO_COLOR'],
      headersOf: (manifest) => dependencyHeaders(this.context.home, args.dir, manifest),
      ...(await headerTypes(this.context)),
    });
    // clang's own words, as it wrote them.
    this.context.stderr.write(built.diagnostics);
    await writeOutput(path, built.packageFile);
    const { name, version } = built.manifest;
    const sizeBytes = built.packageFile.length;
    if (!this.jsonEnabled()) this.context.stdout.write(`${name}@${version}: ${path} (${sizeBytes} bytes)\n`);
    return { name, version, path, sizeBytes, digest: digestOf(built.packageFile) };
  }
}
