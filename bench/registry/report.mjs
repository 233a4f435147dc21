import { median } from '../median.mjs';

/** Prints the medians of rates, each beside its ratio to some of the others. */
export function printRates(title, samples, unit = 'requests/s') {
  console.log(`\n${title}`);
  const names = Object.keys(samples);
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const values = samples[name];
    const spread = `${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}`;
    console.log(
      `  ${name.padEnd(width)}  ${String(Math.round(median(values))).padStart(7)} ${unit}   (${values.length} runs, ${spread})`,
    );
  }
}

/** Prints how many times faster one is than another, round by round, beside what is aimed at. */
export function printRatio(samples, [fast, slow], aim) {
  const ratios = samples[fast].map((value, round) => value / samples[slow][round]);
  const verdict = median(ratios) >= aim ? 'reached' : 'missed';
  console.log(
    `  ${fast} / ${slow}: ${median(ratios).toFixed(2)} (aim ${aim}, ${verdict}; ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`,
  );
}
