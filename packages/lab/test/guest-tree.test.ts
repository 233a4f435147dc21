import { describe, expect, it } from 'vitest';
import { type GuestTree, putEntry, putText } from '../src/guest-tree.js';

describe('putEntry()', () => {
  it('makes the folders that an entry needs, before it', () => {
    const tree: GuestTree = new Map();
    putEntry(tree, '/a/b/c', { kind: 'link', target: 'x' });
    expect([...tree.keys()]).toEqual(['/', '/a', '/a/b', '/a/b/c']);
  });

  it('leaves a folder that is there as it is', () => {
    const tree: GuestTree = new Map();
    putEntry(tree, '/a', { kind: 'directory', mode: 0o700 });
    putText(tree, '/a/b', 'text');
    expect(tree.get('/a')).toEqual({ kind: 'directory', mode: 0o700 });
  });
});

describe('putText()', () => {
  it('makes scripts executable, and nothing else', () => {
    const tree: GuestTree = new Map();
    putText(tree, '/script', '#!/bin/sh\n');
    putText(tree, '/text', 'text');
    expect(tree.get('/script')).toMatchObject({ mode: 0o755 });
    expect(tree.get('/text')).toMatchObject({ mode: 0o644 });
  });
});
