import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const importPattern =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s+'(\.[^']+)'|^\s*import\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

/** The SQL grammar is recursive: a condition holds expressions, an expression conditions. */
const grammar = 'src/server/tables/sql/';

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name));

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importPattern)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    return relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts');
  });
}

/** Files that import each other in a circle, one group a circle (Tarjan's algorithm). */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const index = lowest.size;
    let low = index;
    lowest.set(file, index);
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!lowest.has(target)) low = Math.min(low, visit(target));
      else if (path.includes(target)) low = Math.min(low, lowest.get(target) ?? low);
    }
    lowest.set(file, low);
    if (low === index) {
      const circle = path.splice(path.indexOf(file));
      if (circle.length > 1) circles.push(circle);
    }
    return low;
  };
  for (const file of graph.keys()) {
    if (!lowest.has(file)) visit(file);
  }
  return circles;
}

test('no files but those of the SQL grammar import each other in a circle', () => {
  const circles = circlesIn(new Map(files.map((file) => [file, importsOf(file)])));
  expect(circles.filter((circle) => !circle.every((file) => file.startsWith(grammar)))).toEqual([]);
});

test('a circle of two or three files is found', () => {
  const graph = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: [] };
  expect(circlesIn(new Map(Object.entries(graph)))).toEqual([['a', 'b', 'c']]);
});
