import { printable } from '@ebpm/events';
import { FACTS_VERSION } from '@ebpm/object';

/** What this program shows of permissions it reads in the programs itself; that the registry says the same was not seen. */
export function otherFacts(what: string, factsVersion: number): string {
  const reason = `the registry has facts of version ${factsVersion}, and this ebpm makes those of version ${FACTS_VERSION}`;
  return `${printable(`warning: ${what}: ${reason}: not compared, ebpm goes by its own`)}\n`;
}

/** That whoever published it says that nobody should use it any more. */
export function deprecation({
  name,
  version,
  reason,
}: {
  readonly name: string;
  readonly version: string;
  readonly reason: string;
}): string {
  return `${printable(`warning: ${name}@${version} is deprecated: ${reason}`)}\n`;
}
