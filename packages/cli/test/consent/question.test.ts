import type { Ask } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { isYes, questionText } from '../../src/consent/question.js';

const ASK: Ask = {
  class: 'sends-signals',
  consent: 'every-digest',
  targets: ['perf_event'],
  evidence: [{ file: 'x', program: 'p', what: 'helper bpf_send_signal', behind: ['kill'] }],
};

const asking = () => ({ name: 'tool@1.0.0', asks: [ASK], isWider: false });

describe('questionText()', () => {
  it('questionText() says in plain words what is asked for, and why', () => {
    expect(questionText([asking()])).toBe(`tool@1.0.0 wants to do what is not done unasked:
  sends signals to processes (sends-signals)
    p: helper bpf_send_signal, only with kill
Let it, now and whenever these very bytes are run? [y/N] `);
  });

  it('questionText() says that newer tables find more in what was agreed to', () => {
    expect(questionText([{ ...asking(), isWider: true }])).toContain('Less of it was agreed to before');
  });

  it('questionText() asks for a package and for what it starts at once', () => {
    const own = { ...asking(), name: 'app@1.0.0' };
    expect(
      questionText([own, { ...asking(), startedBy: 'app@1.0.0' }]),
    ).toBe(`app@1.0.0 wants to do what is not done unasked:
  sends signals to processes (sends-signals)
    p: helper bpf_send_signal, only with kill
tool@1.0.0, which app@1.0.0 starts, wants to do what is not done unasked:
  sends signals to processes (sends-signals)
    p: helper bpf_send_signal, only with kill
Let them, now and whenever these very bytes are run? [y/N] `);
  });

  it('questionText() lets no package write on the terminal but in its own lines', () => {
    const evidence = [{ file: 'x', program: 'p\u001b[2J', what: 'helper\nLet it? [y/N] y' }];
    const text = questionText([{ ...asking(), name: '\u001b]0;x\u0007', asks: [{ ...ASK, evidence }] }]);
    expect(text.split('\n').length).toBe(4);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('isYes()', () => {
  it.each(['y', 'Y', 'yes', ' YES ', 'y\r'])('isYes() takes %j for a yes', (answer) =>
    expect(isYes(answer)).toBe(true),
  );

  it.each(['', ' ', 'n', 'no', 'yy', 'yes please', 'true', '1', 'j', 'y\ny'])('isYes() takes %j for a no', (answer) =>
    expect(isYes(answer)).toBe(false),
  );
});
