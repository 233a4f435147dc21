import { EbpmError } from '@ebpm/formats';

/** How many bytes may be held at a time for requests under way: archives that come in, and large ones that go out. */
export class ByteBudget {
  readonly #maxSizeBytes: number;
  #takenBytes = 0;

  constructor(maxSizeBytes: number) {
    this.#maxSizeBytes = maxSizeBytes;
  }

  get takenBytes(): number {
    return this.#takenBytes;
  }

  /**
   * Takes bytes and gives the function that gives them back, which is safe to call twice.
   * @throws EBPM_REGISTRY_BUSY when there are not enough
   */
  take(sizeBytes: number): () => void {
    if (this.#takenBytes + sizeBytes > this.#maxSizeBytes) {
      throw new EbpmError('EBPM_REGISTRY_BUSY', 'Cannot take the request: too many large archives are under way', {
        hint: 'Repeat it in a few seconds',
      });
    }
    this.#takenBytes += sizeBytes;
    let isTaken = true;
    return () => {
      if (isTaken) this.#takenBytes -= sizeBytes;
      isTaken = false;
    };
  }
}
