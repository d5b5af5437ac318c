import { kebabCase } from './kebabCase.js';

/** Finds the operations whose names share words with the typed text, best match first. */
export function similarOperations(typed: string, names: readonly string[], most = 5): string[] {
  const wanted = words(typed);
  return names
    .map((name) => ({ name, score: overlap(wanted, words(name)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);
}

function words(name: string): Set<string> {
  return new Set(
    kebabCase(name)
      .split('-')
      .filter((word) => word !== ''),
  );
}

function overlap(wanted: Set<string>, found: Set<string>): number {
  return [...wanted].filter((word) => found.has(word)).length;
}
