import { Socket } from 'node:net';
import type { RunRequest } from '../run-here.js';

/** The descriptor over which a tool tells who started it that it is attached, and whose end is its own. */
export const TOOL_CONTROL = 3;

/** What a run is told that somebody's module has started. */
export type ToolRole = Pick<RunRequest, 'toolDepth' | 'ends' | 'onAttached'>;

/** Takes the role of a tool, `depth` packages below what a person has started. */
export function toolRole(depth: number): ToolRole {
  const controller = new AbortController();
  const control = new Socket({ fd: TOOL_CONTROL });
  control.on('error', () => {}).on('close', () => controller.abort());
  control.resume();
  // A run that has ended by itself does not wait for it.
  control.unref();
  return { toolDepth: depth, ends: controller.signal, onAttached: () => void control.write('attached\n') };
}
