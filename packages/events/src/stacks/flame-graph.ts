import type { FoldedStack } from './folded-stacks.js';

/** How a flame graph is drawn. */
export interface FlameGraphOptions {
  readonly title: string;
  /** Width in pixels, default 1200. */
  readonly width?: number;
}

/**
 * A flame graph as an SVG file that needs nothing else: each box is a function, as wide as the share of the stacks that go through it;
 * what it called stands on it. A browser shows name and count where the pointer rests. Boxes that would be too narrow to see are left
 * out. The same stacks give the same bytes.
 */
export function flameGraph(stacks: readonly FoldedStack[], { title, width = 1200 }: FlameGraphOptions): string {
  const root = grow(stacks);
  const boxes: Box[] = [];
  const deepest = place(root, { x: 0, depth: 0, scale: root.count === 0n ? 0 : width / Number(root.count) }, boxes);
  const height = HEAD_PX + (deepest + 1) * ROW_PX + FOOT_PX;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ' font-family="monospace" font-size="12">\n',
    '<rect width="100%" height="100%" fill="#ffffff"/>\n',
    `<text x="${width / 2}" y="22" font-size="16" text-anchor="middle">${escapeXml(title)}</text>\n`,
    ...boxes.map((box) => drawBox(box, root.count, height)),
    '</svg>\n',
  ].join('');
}

interface Node {
  readonly name: string;
  count: bigint;
  readonly callees: Map<string, Node>;
}

interface Box {
  readonly node: Node;
  readonly x: number;
  readonly width: number;
  readonly depth: number;
}

interface Place {
  readonly x: number;
  readonly depth: number;
  /** Pixels for each count. */
  readonly scale: number;
}

const HEAD_PX = 36;
const FOOT_PX = 8;
const ROW_PX = 16;
/** Narrower boxes cannot be seen. */
const NARROWEST_PX = 0.2;
/** Of a letter of the font. */
const LETTER_PX = 7.3;

function grow(stacks: readonly FoldedStack[]): Node {
  const root: Node = { name: 'all', count: 0n, callees: new Map() };
  for (const { frames, count } of stacks) {
    root.count += count;
    let node = root;
    for (const name of frames) {
      let callee = node.callees.get(name);
      if (callee === undefined) {
        callee = { name, count: 0n, callees: new Map() };
        node.callees.set(name, callee);
      }
      callee.count += count;
      node = callee;
    }
  }
  return root;
}

/** Gives every box its place, callees by name; returns the depth of the deepest. */
function place(node: Node, { x, depth, scale }: Place, boxes: Box[]): number {
  const width = Number(node.count) * scale;
  if (width < NARROWEST_PX) return 0;
  boxes.push({ node, x, width, depth });
  let deepest = depth;
  let left = x;
  const callees = [...node.callees.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const callee of callees) {
    deepest = Math.max(deepest, place(callee, { x: left, depth: depth + 1, scale }, boxes));
    left += Number(callee.count) * scale;
  }
  return deepest;
}

function drawBox({ node, x, width, depth }: Box, all: bigint, height: number): string {
  const y = height - FOOT_PX - (depth + 1) * ROW_PX;
  const share = ((Number(node.count) / Number(all)) * 100).toFixed(2);
  const letters = Math.floor((width - 4) / LETTER_PX);
  const label = node.name.length <= letters ? node.name : letters < 3 ? '' : `${node.name.slice(0, letters - 2)}..`;
  const text = label === '' ? '' : `<text x="${px(x + 2)}" y="${y + 12}">${escapeXml(label)}</text>`;
  const title = `<title>${escapeXml(node.name)} (${node.count}, ${share} %)</title>`;
  const rect = `<rect x="${px(x)}" y="${y}" width="${px(width)}" height="${ROW_PX - 1}" fill="${colour(node.name)}" rx="1"/>`;
  return `<g>${title}${rect}${text}</g>\n`;
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Warm colours for user space and cold ones for the kernel, chosen by the name alone. */
function colour(name: string): string {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x0100_0193) >>> 0;
  }
  const shade = hash % 55;
  return name.endsWith('_[k]') ? `hsl(${200 + shade},60%,72%)` : `hsl(${shade},85%,68%)`;
}

/** XML 1.0 has no place for control characters, not even escaped; names are printable, so there are none but in a title. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replace(FORBIDDEN, '\u{fffd}');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** @see https://www.w3.org/TR/xml/#charsets */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
