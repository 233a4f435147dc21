import { loadBinding } from '../binding.js';

/** What one side of a guest's channel says to the other. */
export interface Frame {
  readonly bytes: Uint8Array;
  /** The receiver's, who closes them. */
  readonly descriptors: readonly number[];
}

/** The two ends of a guest's channel, as descriptors of this process; children do not inherit them unless they are told to. */
export function socketPair(): readonly [number, number] {
  return loadBinding().socketPair();
}

/** Sends a frame, and waits until it is sent. @throws NativeFailure where the other side is gone, or takes nothing for 5 s */
export function sendFrame(fd: number, bytes: Uint8Array, descriptors: readonly number[] = []): void {
  loadBinding().sendFrame(fd, bytes, Int32Array.from(descriptors));
}

/** Waits for a frame; undefined when the other side has ended. @throws NativeFailure for what is no frame */
export function receiveFrame(fd: number): Frame | undefined {
  return loadBinding().receiveFrame(fd);
}

/** Waits until there is something to read, or nothing will come any more: whether that is so, after at most that time; -1 ms is for ever. */
export function waitReadable(fd: number, timeoutMs: number): boolean {
  return loadBinding().waitReadable(fd, timeoutMs, -1);
}

/** Waits until one of two descriptors is so: whether one is, after at most that time; -1 ms is for ever. */
export function waitReadableOf(fds: readonly [number, number], timeoutMs: number): boolean {
  return loadBinding().waitReadable(fds[0], timeoutMs, fds[1]);
}

/**
 * Sees to it that children of this thread gain nothing from who started them: no ambient capabilities, and none by the file of a program.
 * Those of this process itself stay.
 *
 * @throws NativeFailure
 */
export function shedForChild(): void {
  loadBinding().shedForChild();
}
