import { setTimeout as sleep } from 'node:timers/promises';
import { createPrinter, frameRecords, type PrinterOptions, type RecordType } from '@ebpm/events';
import { describe, expect, it } from 'vitest';
import { EventLimit } from '../../src/session/event-limit.js';
import { EventWriter } from '../../src/session/event-writer.js';

const TYPE: RecordType = {
  name: 'event',
  sizeBytes: 1,
  fields: [{ name: 'n', offsetBytes: 0, typeName: 'u8', type: { kind: 'int', sizeBytes: 1, signed: false } }],
};

function open(options: PrinterOptions, limit = new EventLimit()) {
  const written: string[] = [];
  const write = (chunk: Uint8Array | string) => void written.push(Buffer.from(chunk).toString());
  return { written, limit, writer: new EventWriter(createPrinter('csv', TYPE, options), { write, limit }) };
}

function batch(...numbers: readonly number[]) {
  return frameRecords(numbers.map((n) => [Uint8Array.of(n)]));
}

describe('EventWriter', () => {
  it('EventWriter writes the header at once, and events as they come up to the limit', async () => {
    const { written, limit, writer } = open({}, new EventLimit(2));
    expect(written).toEqual(['n\n']);
    writer.write(batch(1));
    writer.write(batch(2, 3));
    writer.write(batch(4));
    await limit.reached;
    writer.close();
    expect(written.join('')).toBe('n\n1\n2\n');
  });

  it('EventWriter writes sorted blocks at their interval, and the last one when it is closed', async () => {
    const { written, writer } = open({ sort: { field: 'n', descending: true }, intervalMs: 20 });
    writer.write(batch(1, 3, 2));
    expect(written).toEqual(['n\n']);
    while (written.length < 2) await sleep(5);
    writer.write(batch(4, 5));
    writer.close();
    writer.close();
    expect(written.join('')).toBe('n\n3\n2\n1\n5\n4\n');
  });
});
