import { DAY_MS } from '../clock.js';

/** A package that matches, with what it is ranked by. */
export interface Candidate {
  readonly name: string;
  readonly level: number;
  readonly publishedMs: number;
  /** 0 or 1. */
  readonly isPrivate: number;
}

/** Where all of the words were found, the best place first. */
export type MatchPlace = 'whole name' | 'name' | 'keywords' | 'description' | 'nowhere';

/** A candidate with its score: whole numbers, so that a cursor can say where a page ended. */
export interface Ranked {
  readonly name: string;
  readonly score: number;
}

const PLACE_SCORES: Readonly<Record<MatchPlace, number>> = {
  'whole name': 2_000,
  name: 300,
  keywords: 150,
  description: 0,
  nowhere: 0,
};

/** A name that is nothing but the words gets as many more: `tcp` finds `tcp-top` before `tcp-connection-latency-by-port`. */
const COVER_SCORE = 100;
/** For each level, of which a million downloads are 39: they weigh as much as the name against the description. */
const LEVEL_SCORE = 8;
/** For what was published right now, half as much every half year. */
const FRESH_SCORE = 40;
const HALF_LIFE_MS = 182 * DAY_MS;

/** @param letters of the words, together; @param nowMs the same for all pages of a search */
export function rank(candidate: Candidate, place: MatchPlace, letters: number, nowMs: number): Ranked {
  const { name, level, publishedMs } = candidate;
  const isInName = place === 'name' || place === 'whole name';
  const cover = isInName ? Math.min(1, letters / name.length) * COVER_SCORE : 0;
  const age = Math.max(0, nowMs - publishedMs) / HALF_LIFE_MS;
  return { name, score: Math.round(PLACE_SCORES[place] + cover + level * LEVEL_SCORE + FRESH_SCORE * 2 ** -age) };
}

/** The better one first; names decide between equals, which are the same on every replica. */
export function byRank(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
