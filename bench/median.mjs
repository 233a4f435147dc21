/** The median of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Runs the alternatives in turn, `rounds` times, and gives the samples of each: noise then meets all of them. */
export async function interleave(alternatives, rounds) {
  const samples = Object.fromEntries(Object.keys(alternatives).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(alternatives)) samples[name].push(await measure());
  }
  return samples;
}
