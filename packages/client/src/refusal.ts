import { EbpmError } from '@ebpm/formats';

/** What was refused, to be told where something else goes on; a bug ends it all. @throws what is no EbpmError */
export function refusal(error: unknown): EbpmError {
  if (error instanceof EbpmError) return error;
  throw error;
}
