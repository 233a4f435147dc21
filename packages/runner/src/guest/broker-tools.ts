import { closeSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';
import { MAX_GUEST_TOOLS } from '@ebpm/wasm';
import { type Answer, refusedAnswer } from './broker.js';

/** A tool that runs for a guest. */
export interface StartedTool {
  /** What it is called, with its version. */
  readonly label: string;
  /** The end of its output that is read, which is the caller's. */
  readonly output: number;
  /** Resolves with its exit code once it has ended, and nothing of it is left in the kernel. */
  readonly ended: Promise<number>;
  /** Tells it to end, and sees to it that it does. Safe to call twice. */
  end(): void;
}

/** What a guest wants to start. */
export interface ToolWish {
  readonly name: string;
  readonly args: readonly string[];
  /** To be called once its programs are attached. */
  readonly onAttached: (label: string) => void;
}

/** Starts a tool that a package depends on. @throws EBPM_TOOL_REFUSED with an `errno` */
export type StartTool = (wish: ToolWish) => Promise<StartedTool>;

/** Linux's numbers. */
const ENOENT = 2;
const EMFILE = 24;

/** The tools of one guest: what it has started ends with it. */
export class BrokerTools {
  readonly #startTool: StartTool;
  readonly #onAttached: (label: string) => void;
  readonly #running = new Map<number, StartedTool>();
  readonly #starting = new Set<Promise<unknown>>();
  #last = 0;
  #isClosed = false;

  constructor(startTool: StartTool | undefined, onAttached: (label: string) => void) {
    this.#startTool = startTool ?? refuseAll;
    this.#onAttached = onAttached;
  }

  /** A tool, whose output the guest's process is given. What is refused is an answer; who asks after the end hears nothing. */
  async start(name: string, args: readonly string[], send: (answer: Answer) => void): Promise<void> {
    if (this.#isClosed) return;
    const starting = this.#start(name, args, send);
    this.#starting.add(starting);
    try {
      await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }

  /** Ends a tool, and gives its exit code. @throws EBPM_WASM_FAULT where there is none */
  async stop(id: number): Promise<Answer> {
    const tool = this.#running.get(id);
    if (tool === undefined) throw new EbpmError('EBPM_WASM_FAULT', `The guest named tool ${id}, which does not run`);
    tool.end();
    const ended = await tool.ended;
    this.#running.delete(id);
    return { answer: { ended }, descriptors: [] };
  }

  /** Ends all of them; resolves once they have. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#starting);
    const running = [...this.#running.values()];
    for (const tool of running) tool.end();
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #start(name: string, args: readonly string[], send: (answer: Answer) => void): Promise<void> {
    try {
      if (this.#running.size + this.#starting.size >= MAX_GUEST_TOOLS) throw tooMany(name);
      const tool = await this.#startTool({ name, args, onAttached: this.#onAttached });
      const id = ++this.#last;
      this.#running.set(id, tool);
      if (!this.#isClosed) send({ answer: { started: id }, descriptors: [tool.output] });
      closeSync(tool.output);
    } catch (error) {
      if (!(error instanceof EbpmError) || error.code !== 'EBPM_TOOL_REFUSED') throw error;
      send(refusedAnswer(error));
    }
  }
}

/** A guest that was given none. */
async function refuseAll({ name }: ToolWish): Promise<never> {
  throw new EbpmError('EBPM_TOOL_REFUSED', `Cannot start "${name}": the module belongs to no package that names it`, {
    data: { errno: ENOENT },
  });
}

function tooMany(name: string): EbpmError {
  return new EbpmError('EBPM_TOOL_REFUSED', `Cannot start "${name}": ${MAX_GUEST_TOOLS} tools were started already`, {
    data: { errno: EMFILE },
  });
}
