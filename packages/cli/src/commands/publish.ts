import {
  type KeptSignature,
  keptSignature,
  type PackedProject,
  packFile,
  packProject,
  provenanceFrom,
  type RegistryClient,
  signPublish,
} from '@ebpm/client';
import { printable } from '@ebpm/events';
import { digestOf, EbpmError, parseTag, sniffPackage } from '@ebpm/formats';
import { openPackage } from '@ebpm/runner';
import type { CliPublish } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { downloadInChild } from '../download-in-child.js';
import { isFolder } from '../is-folder.js';
import { withRegistry } from '../open-registry.js';
import { otpFlag, PACKAGE_CODE } from '../otp-flag.js';
import { type PackageInput, readInputFile } from '../package-source.js';
import { readStdin } from '../read-input.js';
import { registryFlag } from '../registry-flag.js';
import { findSigningKey } from '../signing-key.js';
import { withOneTimeCode } from '../with-one-time-code.js';

/** `ebpm publish [DIR|FILE]`: puts a version of a package into a registry. */
export default class Publish extends BaseCommand {
  static override summary = 'Publish a package to a registry';
  static override description =
    'Packs a project that was built: ebpm.json, dist/package.json, the readme, and what "files" in ebpm.json names. A file that "ebpm run" takes is published with --name and --version: a package.json of any year, a .bpf.o, a .skel.json with its object beside it. A version can never be changed; publishing the same bytes again is a success.';
  static override examples = [
    '<%= config.bin %> publish',
    '<%= config.bin %> publish examples/sigsnoop --dry-run',
    '<%= config.bin %> publish --visibility private',
    '<%= config.bin %> publish package.json --name sigsnoop --version 1.0.0',
    '<%= config.bin %> publish sigsnoop.bpf.o --name sigsnoop --version 1.0.0',
  ];
  static override args = {
    path: Args.string({ description: "a project's folder, a file, the URL of one, or - for stdin", default: '.' }),
  };
  static override flags = {
    registry: registryFlag,
    tag: Flags.string({
      description: 'tag that is to name the version, such as next; a prerelease needs one (default: latest)',
      parse: async (text) => parseTag(text),
    }),
    visibility: Flags.option({
      description: 'who may read a package that is new; private needs a name in a scope (default: public)',
      options: ['public', 'private'] as const,
    })(),
    otp: otpFlag(PACKAGE_CODE),
    name: Flags.string({ description: 'name of the package, for a file', helpValue: 'NAME' }),
    version: Flags.string({ description: 'version of the package, for a file', helpValue: 'VERSION' }),
    key: Flags.string({
      description: 'key that signs: its name, or the path of its file (default: "default", if there is one)',
      helpValue: 'NAME',
      exclusive: ['no-sign'],
    }),
    'no-sign': Flags.boolean({ description: 'sign nothing, also where there is a key' }),
    provenance: Flags.boolean({
      description: 'sign how it was built, too: by what GitHub Actions or GitLab CI tells this job',
      exclusive: ['no-sign'],
    }),
    'dry-run': Flags.boolean({ description: 'pack and check everything, and send nothing' }),
  };

  async run(): Promise<CliPublish> {
    const { args, flags } = await this.parse(Publish);
    const packed = await this.#pack(args.path, flags);
    this.log(contents(packed));
    if (flags['dry-run']) {
      this.log('Nothing was sent: this is a dry run');
      return { ...describe(packed, flags.tag), dryRun: true };
    }
    const { name, version } = packed.manifest;
    const signed = await this.#sign(packed, flags);
    const options = { flag: flags.registry, name, ebpmVersion: this.config.version };
    return withRegistry(this.context, options, async (registry) => {
      // A token that is wrong is told at once, and not in the middle of an upload that the registry breaks off.
      await registry.whoami();
      const { tag, visibility, otp } = flags;
      const wish = { name, version, archive: packed.archive, tag, visibility, bundles: signed?.bundles };
      const { stdin } = process;
      const { created, seq } = await withOneTimeCode({ code: otp, stdin, stderr: this.context.stderr }, (code) =>
        registry.publish({ ...wish, otp: code }),
      );
      const mine = signed && { key: signed.key, provenance: flags.provenance ?? false };
      if (created && mine !== undefined) this.log(signedBy(mine));
      this.log(
        created ? `Published to ${registry.url}` : `The same bytes had been published to ${registry.url} before`,
      );
      const signature = created ? mine : await this.#signatureThere(registry, packed);
      return {
        ...describe(packed, flags.tag),
        dryRun: false,
        registry: registry.url,
        created,
        seq,
        ...signature,
      };
    });
  }

  /** What the registry has of a version that was published before: what is signed later is not kept. */
  async #signatureThere(registry: RegistryClient, { manifest: { name, version } }: PackedProject) {
    try {
      const signature = await keptSignature(registry, name, version);
      this.log(signature === undefined ? UNSIGNED : `${signedBy(signature)}, as it was first published`);
      return signature;
    } catch (error) {
      // The version is there, whether or not this token may read it.
      if (!(error instanceof EbpmError)) throw error;
      this.log(printable(`Who signed it when it was first published is not known: ${error.message}`));
      return undefined;
    }
  }

  /** What the publisher says of the version, by his key; undefined where he has none. */
  async #sign({ manifest: { name, version }, archive }: PackedProject, flags: SignFlags) {
    const found = flags['no-sign'] ? undefined : await findSigningKey(this.context, flags.key);
    if (found === undefined && flags.provenance) {
      throw new EbpmError('EBPM_KEY_FILE_MISSING', 'Cannot sign how it was built: there is no key', {
        hint: 'Make one: ebpm keys generate\nIn a CI job, give it in EBPM_SIGNING_KEY or EBPM_SIGNING_KEY_FILE',
      });
    }
    if (found === undefined) return undefined;
    const provenance = flags.provenance ? this.#provenance() : undefined;
    return { key: found.key.id, bundles: signPublish({ name, version, archive, provenance }, found.key) };
  }

  #provenance(): Readonly<Record<string, unknown>> {
    const provenance = provenanceFrom(this.context.env);
    if (provenance !== undefined) return provenance;
    throw new EbpmError(
      'EBPM_PROVENANCE_UNKNOWN',
      'Cannot sign how it was built: this is no job of a CI that ebpm knows',
      {
        hint: 'Publish from GitHub Actions or GitLab CI, or leave --provenance out',
      },
    );
  }

  async #pack(path: string, { name, version }: PublishFlags): Promise<PackedProject> {
    if (await isFolder(path)) {
      if (name === undefined && version === undefined) return packProject(path);
      throw new EbpmError(
        'EBPM_USAGE_INVALID',
        `Cannot take --name and --version for "${path}": its ebpm.json has them`,
      );
    }
    if (name === undefined || version === undefined) {
      throw new EbpmError('EBPM_USAGE_INVALID', `Cannot publish "${path}" without --name and --version`, {
        hint: `Type: ebpm publish ${path} --name NAME --version 1.0.0\nOr name the folder of a project, which has an ebpm.json`,
      });
    }
    const input = await this.#read(path);
    // What "ebpm run" would refuse everywhere is refused here; of a module, by who packs it.
    if (sniffPackage(input.bytes) === 'wasm') return packFile(input, { name, version });
    const { checked } = openPackage(input.bytes, input);
    return packFile({ ...input, object: checked.bytes }, { name, version });
  }

  async #read(path: string): Promise<PackageInput> {
    if (path === '-') return { bytes: await readStdin(process.stdin), source: path };
    if (/^https?:/i.test(path)) return { bytes: await downloadInChild(this.context, path), source: path };
    return readInputFile(path);
  }
}

interface SignFlags {
  readonly key: string | undefined;
  readonly 'no-sign': boolean;
  readonly provenance: boolean;
}

interface PublishFlags {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function describe({ manifest, files, archive }: PackedProject, tag: string | undefined) {
  return {
    name: manifest.name,
    version: manifest.version,
    digest: digestOf(archive),
    sizeBytes: archive.length,
    files: files.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length, digest: digestOf(bytes) })),
    ...(tag === undefined ? {} : { tag }),
  };
}

const UNSIGNED =
  'Nobody has signed it, and that stays so: a version keeps what it was first published with. To sign it, publish another version';

function signedBy({ key, provenance }: KeptSignature): string {
  return printable(`Signed by ${key}${provenance ? ', with how it was built' : ''}`);
}

function contents({ manifest, files, archive }: PackedProject): string {
  const width = Math.max(...files.map(({ bytes }) => String(bytes.length).length));
  return [
    `${manifest.name}@${manifest.version}: ${archive.length} bytes, ${digestOf(archive)}`,
    ...files.map(({ path, bytes }) => `  ${String(bytes.length).padStart(width)}  ${path}`),
  ]
    .map(printable)
    .join('\n');
}
