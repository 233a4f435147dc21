import { receiveFrame, sendFrame } from '@ebpm/loader';
import { GuestStop } from './guest-stop.js';
import { decodeMessage, encodeMessage } from './message.js';
import type { BrokerAnswer, GuestCall, GuestEnd, GuestStart, StopRequest } from './protocol.js';

/** What the broker has answered, with the descriptors that came along. */
export interface Answered {
  readonly answer: BrokerAnswer;
  /** The caller's. */
  readonly descriptors: readonly number[];
}

/** The guest's end of the channel to the broker, which does what needs privilege. Calls wait for their answers. */
export class BrokerLink {
  /** Becomes readable when the broker says something unasked. */
  readonly descriptor: number;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** The first word: the module, and what the guest may see. @throws GuestStop */
  start(): { readonly start: GuestStart; readonly module: Uint8Array; readonly descriptors: readonly number[] } {
    const { header, blob, descriptors } = this.#receive();
    return { start: header as GuestStart, module: blob, descriptors };
  }

  /** @throws GuestStop when the guest is to end instead */
  call(request: GuestCall, blob?: Uint8Array): Answered {
    this.#send(request, blob);
    const { header, descriptors } = this.#receive();
    return { answer: header as BrokerAnswer, descriptors };
  }

  /** To be called when the descriptor is readable. @throws GuestStop */
  heed(): never {
    this.#receive();
    throw new GuestStop('told');
  }

  end(end: GuestEnd): void {
    this.#send({ call: 'end', ...end });
  }

  /** @throws GuestStop where the broker has ended */
  #send(request: GuestCall, blob?: Uint8Array): void {
    try {
      sendFrame(this.descriptor, encodeMessage(request, blob));
    } catch (error) {
      if (isGone(error)) throw new GuestStop('told');
      throw error;
    }
  }

  /** The broker is trusted: what is no message can only be its end. */
  #receive() {
    const frame = receiveFrame(this.descriptor);
    const message = frame && decodeMessage(frame.bytes);
    if (frame === undefined || message === undefined || isStop(message.header)) throw new GuestStop('told');
    return { ...message, descriptors: frame.descriptors };
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}

function isStop(header: unknown): header is StopRequest {
  return typeof header === 'object' && header !== null && 'stop' in header;
}
