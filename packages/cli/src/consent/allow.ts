import { EbpmError } from '@ebpm/formats';
import { CONSENT_CLASSES, type ConsentClass, isConsentClass } from '@ebpm/object';

/**
 * The classes that `--allow=CLASS,...` names. There is no word for all of them: a command line that was copied from somewhere would then agree to whatever
 * the next version does.
 *
 * @throws EBPM_USAGE_INVALID
 */
export function parseAllow(text: string): readonly ConsentClass[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isConsentClass(name));
  if (unknown === undefined) return names.filter(isConsentClass);
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot allow "${unknown}": it is no class that is asked for`, {
    hint: `Wanted: ${CONSENT_CLASSES.join(', ')}`,
  });
}
