import { closeSync, fstatSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';
import { socketPair } from '@ebpm/loader';
import { MAX_GUEST_TOOLS } from '@ebpm/wasm';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/guest/broker.js';
import { BrokerTools, type StartedTool, type ToolWish } from '../../src/guest/broker-tools.js';

const [ENOENT, EMFILE] = [2, 24];

/** Tools that do nothing but end when they are told to, with the exit code 5. */
class Starter {
  readonly wishes: ToolWish[] = [];
  readonly ended: string[] = [];
  readonly #inodes: number[] = [];

  readonly start = async (wish: ToolWish): Promise<StartedTool> => {
    this.wishes.push(wish);
    const [output, other] = socketPair();
    closeSync(other);
    this.#inodes.push(fstatSync(output).ino);
    let end = (_code: number): void => {};
    const ended = new Promise<number>((resolve) => {
      end = resolve;
    });
    return {
      label: `${wish.name}@1.0.0`,
      output,
      ended,
      end: () => {
        this.ended.push(wish.name);
        end(5);
      },
    };
  };

  get inodes(): readonly number[] {
    return this.#inodes;
  }
}

function brokerTools(start?: Starter['start']) {
  const answers: Answer['answer'][] = [];
  const inodes: number[] = [];
  const attached: string[] = [];
  const tools = new BrokerTools(start, (label) => void attached.push(label));
  const send = ({ answer, descriptors }: Answer) => {
    answers.push(answer);
    for (const fd of descriptors) inodes.push(fstatSync(fd).ino);
  };
  return { tools, answers, inodes, attached, start: (name: string) => tools.start(name, ['a'], send) };
}

describe('BrokerTools', () => {
  it('start() gives a number with the end of the output, which it closes itself', async () => {
    const starter = new Starter();
    const { start, answers, inodes, attached } = brokerTools(starter.start);
    await start('execs');
    await start('other');
    expect(answers).toEqual([{ started: 1 }, { started: 2 }]);
    expect(inodes).toEqual(starter.inodes);
    expect(starter.wishes[0]).toMatchObject({ name: 'execs', args: ['a'] });
    starter.wishes[0]?.onAttached('execs@1.0.0');
    expect(attached).toEqual(['execs@1.0.0']);
  });

  it('start() answers what is refused, and throws what is no refusal', async () => {
    const refused = new EbpmError('EBPM_TOOL_REFUSED', 'Cannot start', { data: { errno: ENOENT } });
    const { start, answers } = brokerTools(async () => Promise.reject(refused));
    await start('x');
    expect(answers).toEqual([{ refused: { code: 'EBPM_TOOL_REFUSED', message: 'Cannot start', errno: ENOENT } }]);
    const broken = brokerTools(async () => Promise.reject(new EbpmError('EBPM_STORE_DAMAGED', 'broken')));
    await expect(broken.start('x')).rejects.toMatchObject({ code: 'EBPM_STORE_DAMAGED' });
  });

  it('start() refuses everything where nothing starts tools', async () => {
    const { start, answers } = brokerTools();
    await start('x');
    expect(answers).toMatchObject([{ refused: { errno: ENOENT } }]);
  });

  it('start() refuses more than so many that were not stopped, also where they are started at once', async () => {
    const { start, tools, answers } = brokerTools(new Starter().start);
    await Promise.all(Array.from({ length: MAX_GUEST_TOOLS + 1 }, () => start('execs')));
    expect(answers.filter((answer) => 'started' in answer)).toHaveLength(MAX_GUEST_TOOLS);
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([{ refused: { errno: EMFILE } }]);
    await tools.stop(1);
    await start('execs');
    expect(answers.at(-1)).toEqual({ started: MAX_GUEST_TOOLS + 1 });
  });

  it('stop() gives the exit code, once', async () => {
    const { start, tools } = brokerTools(new Starter().start);
    await start('execs');
    expect(await tools.stop(1)).toEqual({ answer: { ended: 5 }, descriptors: [] });
    await expect(tools.stop(1)).rejects.toMatchObject({ code: 'EBPM_WASM_FAULT' });
  });

  it('close() ends all, also what is being started, of which the guest hears nothing', async () => {
    const starter = new Starter();
    let go = (): void => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { start, tools, answers } = brokerTools(async (wish) => {
      if (wish.name === 'late') await wait;
      return starter.start(wish);
    });
    await start('execs');
    const late = start('late');
    const closed = tools.close();
    go();
    await Promise.all([late, closed]);
    expect(starter.ended).toEqual(['execs', 'late']);
    expect(answers).toEqual([{ started: 1 }]);
    await tools.close();
    await start('after');
    expect(starter.wishes.map(({ name }) => name)).toEqual(['execs', 'late']);
  });
});
