import { median } from './median.mjs';

/** Prints the medians of samples in ms, each beside its ratio to the first. */
export function printTable(title, samples) {
  const medians = Object.entries(samples).map(([name, values]) => ({ name, ms: median(values), values }));
  const width = Math.max(...medians.map(({ name }) => name.length));
  console.log(`\n${title}`);
  for (const { name, ms, values } of medians) {
    const ratio = (ms / medians[0].ms).toFixed(2);
    const spread = `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
    console.log(
      `  ${name.padEnd(width)}  ${ms.toFixed(1).padStart(7)} ms  x ${ratio}   (${values.length} runs, ${spread})`,
    );
  }
}
