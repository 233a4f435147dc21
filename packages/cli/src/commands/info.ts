import {
  chooseVersion,
  Installed,
  installedKey,
  type NamedSpec,
  type PublisherSignature,
  publishedProvenance,
  type RegistryClient,
  verifyPublisher,
} from '@ebpm/client';
import { publisherKeyId } from '@ebpm/formats';
import type { ApiVersion, CliInfo } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { formatInfo } from '../format-info.js';
import { parseNamedSpec } from '../named-spec.js';
import { withRegistry } from '../open-registry.js';
import { registryFlag } from '../registry-flag.js';

/** `ebpm info SPEC`: says what a registry knows about a package. */
export default class Info extends BaseCommand {
  static override summary = 'Say what a registry knows about a package';
  static override examples = ['<%= config.bin %> info sigsnoop', '<%= config.bin %> info @acme/x@^1.2'];
  static override args = {
    spec: Args.string({ description: 'a name, name@version, name@range or name@tag', required: true }),
  };
  static override flags = { registry: registryFlag };

  async run(): Promise<CliInfo> {
    const { args, flags } = await this.parse(Info);
    const spec = parseNamedSpec(args.spec);
    const options = { flag: flags.registry, name: spec.name, ebpmVersion: this.config.version };
    const info = await withRegistry(this.context, options, (registry) => readInfo(registry, this.context.home, spec));
    if (!this.jsonEnabled()) this.context.stdout.write(formatInfo(info));
    return info;
  }
}

async function readInfo(registry: RegistryClient, home: string, spec: NamedSpec): Promise<CliInfo> {
  const found = await registry.package(spec.name);
  const listed = chooseVersion(found, spec);
  const { version, yanked, deprecated } = listed;
  const document = await registry.version(spec.name, version);
  const { digest, sizeBytes, files, manifest, publishedAt, publisher, seq } = document;
  const here = new Installed(home);
  const pinned = await installedKey(here, spec.name, registry.url);
  const signature = verifyPublisher({ name: spec.name, listed, keys: found.keys ?? [], pinned });
  return {
    registry: registry.url,
    name: spec.name,
    version,
    digest,
    sizeBytes,
    files: files.map((file) => ({ path: file.path, sizeBytes: file.sizeBytes, digest: file.digest })),
    manifest,
    publishedAt,
    publisher,
    seq,
    yanked,
    ...(deprecated !== undefined && { deprecated }),
    ...(signature !== undefined && { signature: signatureInfo(document, signature, pinned) }),
    tags: found.tags,
    versions: found.versions
      .map((one) => ({
        version: one.version,
        publishedAt: one.publishedAt,
        publisher: one.publisher,
        yanked: one.yanked,
      }))
      .reverse(),
    installed: [...(await here.versionNumbers(spec.name))],
  };
}

function signatureInfo(document: ApiVersion, signature: PublisherSignature, pinned: string | undefined) {
  const provenance = publishedProvenance(document, signature);
  const said = Object.entries(provenance ?? {}).filter(([, value]) => value !== undefined);
  return {
    key: publisherKeyId(signature.key),
    pinned: pinned !== undefined,
    ...(said.length > 0 && { provenance: Object.fromEntries(said) }),
  };
}
