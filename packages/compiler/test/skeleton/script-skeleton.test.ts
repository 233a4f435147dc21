import { beforeEach, describe, expect, it } from 'vitest';
import { scriptSkeleton } from '../../src/skeleton/script-skeleton.js';
import { wordsOfAssemblyScript } from '../guest/compile-script.js';
import { HOSTILE_SKELETON } from './hostile-skeleton.js';
import { manyLayouts } from './many-layouts.js';

let text = '';
// The first test builds it for all.
beforeEach(async () => {
  text ||= scriptSkeleton(await manyLayouts());
});

/** Calls everything that takes no more than an object and records, since what nothing calls is not compiled. */
const GUEST = `
import { Event, Inner, Key, TotalsT, Tool } from "tool.skel";
import { Box } from "ebpm";
const tool = new Tool();
Tool.set_target(4);
Tool.set_limits([1, 2, 3, 4]);
Tool.set_chosen(new Key());
tool.load();
tool.attach();
tool.attach_on_packet_to("lo");
tool.poll_events((context: usize, event: Event, size: u32): i32 => {
  event.comm = event.comm + "!";
  event.address = event.number + event.sizes_at(2) + event.grid_at(5) + event.inner.count + event.more_at(1).tag;
  event.v4 = event.v6_at(3) + <u32>event.pair.left + <u32>event.either.narrow + <u32>event.huge;
  event.set_sizes_at(0, event.low + event.middle + event.high);
  event.middle = -1;
  return event.yes ? 0 : event.color;
}, 100);
tool.poll_mixed((context: usize, data: usize, size: u32): i32 => size, 0);
const key = new Key();
tool.next_counts(null, key);
tool.lookup_counts(key, new TotalsT());
tool.update_counts(key, new TotalsT());
tool.delete_counts(key);
const zero = new Box<i32>();
tool.lookup_each(zero, memory.data(64, 8));
tool.lookup_plain(memory.data(5), memory.data(3));
tool.emit_event(changetype<Event>(memory.data(512, 16)));
tool.emit_inner(new Inner());
tool.close();
`;

// The compiler takes seconds on a busy machine.
describe('scriptSkeleton()', { timeout: 60_000 }, () => {
  it('is AssemblyScript whose layouts are those of the kernel half', async () => {
    expect(await wordsOfAssemblyScript({ 'app.ts': GUEST, 'tool.skel.ts': text })).toBe('');
  });

  it.each([
    ['a wider member', '  first: u8;', '  first: u16;'],
    ['a missing padding', '  private ebpm_pad_2: u64;\n', ''],
    [
      'another order',
      '  pid: i32;\n  private ebpm_pad_0: u32;\n  place: i64;\n',
      '  place: i64;\n  pid: i32;\n  private ebpm_pad_0: u32;\n',
    ],
  ])('does not compile with %s', async (_, right, wrong) => {
    expect(text).toContain(right);
    const words = await wordsOfAssemblyScript({ 'app.ts': GUEST, 'tool.skel.ts': text.replace(right, wrong) });
    expect(words).toContain('the kernel half');
  });

  it('is AssemblyScript also with names that are keywords, no identifiers, or twice the same', async () => {
    const app = 'import { EvilH } from "evil.skel";\nconst evil = new EvilH();\nevil.attach();\n';
    expect(await wordsOfAssemblyScript({ 'app.ts': app, 'evil.skel.ts': scriptSkeleton(HOSTILE_SKELETON) })).toBe('');
  });
});
