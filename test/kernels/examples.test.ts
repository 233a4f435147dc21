import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { KERNELS } from './kernels.js';
import { observeAll, type Seen } from './observe.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder('examples');
const packages = new Map<string, string>();
let programs = { workload: '', programIds: '' };

// Each example is built once, and that very file goes to every kernel.
beforeAll(async () => {
  programs = { workload: buildProgram('workload', folder), programIds: buildProgram('program-ids', folder) };
  for (const tool of new Set(SCENARIOS.map((scenario) => scenario.tool))) {
    packages.set(tool, await buildExample(tool, folder));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('on $name', (kernel) => {
  const possible = SCENARIOS.filter(({ needs }) => needs === undefined || kernel[needs]);
  const seenOf = new Map<Scenario, Seen>();
  beforeAll(async () => {
    const observations = possible.map(({ tool, args, plan, onlyMine, allow }) => {
      return { packagePath: packages.get(tool) ?? '', ...programs, args, plan, onlyMine, allow };
    });
    for (const [index, seen] of (await observeAll(kernel, observations)).entries()) {
      const scenario = possible[index];
      if (scenario !== undefined) seenOf.set(scenario, seen);
    }
  });

  it.each(possible)('$tool $args shows exactly what the workload does', (scenario) => {
    const seen = seenOf.get(scenario);
    if (seen === undefined) throw new Error('it was not observed');
    const expected = scenario.expected.map((event) =>
      Object.fromEntries(Object.entries(event).map(([field, value]) => [field, seen.resolve(value)])),
    );
    const fields = Object.keys(scenario.expected[0] ?? {});
    const mine = seen.events
      .filter((event) => event[scenario.ownerField] === seen.pid)
      .map((event) => Object.fromEntries(fields.map((field) => [field, event[field]])));
    expect(mine.map(text).sort()).toEqual(expected.map(text).sort());
    expect(seen).toMatchObject({ code: 130, left: [] });
    expect(seen.attached.length).toBeGreaterThan(0);
  });
});

/** Events of several CPUs may come in another order than they happened in, so sets are compared. */
function text(event: object): string {
  return JSON.stringify(event);
}
