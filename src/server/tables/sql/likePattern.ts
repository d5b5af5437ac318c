import { textKey } from './textKey.js';

/** Escape character in the patterns for SQLite. It does not occur in keys. */
export const likeEscape = '\u001e';

/** Comparisons of characters that count as much work as a row. */
export const comparisonsPerUnit = 1024;

/** A pattern as a list of literal pieces and wildcards. */
function split(pattern: string, escape: string): (string | { wildcard: '%' | '_' })[] {
  const pieces: (string | { wildcard: '%' | '_' })[] = [];
  let literal = '';
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i += 1) {
    const character = characters[i] ?? '';
    const next = characters[i + 1];
    if (character === escape && next !== undefined) {
      literal += next;
      i += 1;
    } else if (character === '%' || character === '_') {
      if (literal !== '') {
        pieces.push(literal);
        literal = '';
      }
      pieces.push({ wildcard: character });
    } else {
      literal += character;
    }
  }
  if (literal !== '') {
    pieces.push(literal);
  }
  return pieces;
}

/**
 * The pattern to match against text keys with `LIKE ... ESCAPE likeEscape`.
 *
 * @param escape one character, `\` unless the query names another
 */
export function keyPattern(pattern: string, escape = '\\'): string {
  return split(pattern, escape)
    .map((piece) =>
      typeof piece === 'string'
        ? textKey(piece).toLowerCase().replaceAll('%', `${likeEscape}%`)
        : piece.wildcard,
    )
    .join('');
}

type Piece = string | { readonly wildcard: '%' | '_' };

const cache = new Map<string, readonly Piece[]>();

/**
 * Whether a text matches a pattern that is only known at run time. Not a regular expression: with
 * many `%`, the time of one would grow with a power of the length of the text.
 */
export function matchesLike(text: string, pattern: string, escape = '\\'): boolean {
  const id = escape + pattern;
  let pieces = cache.get(id);
  if (pieces === undefined) {
    pieces = split(pattern, escape).flatMap((piece): Piece[] =>
      typeof piece === 'string' ? Array.from(textKey(piece).toLowerCase()) : [piece],
    );
    if (cache.size >= 200) {
      cache.clear();
    }
    cache.set(id, pieces);
  }
  return matches(Array.from(textKey(text).toLowerCase()), pieces);
}

/** Matches from left to right; after a mismatch, only the last `%` takes one more character. */
function matches(characters: readonly string[], pieces: readonly Piece[]): boolean {
  let at = 0;
  let piece = 0;
  let restart: { at: number; piece: number } | undefined;
  while (at < characters.length) {
    const next = pieces[piece];
    if (typeof next === 'object' && next.wildcard === '%') {
      restart = { at, piece: piece + 1 };
      piece += 1;
    } else if (typeof next === 'object' || next === characters[at]) {
      at += 1;
      piece += 1;
    } else if (restart === undefined) {
      return false;
    } else {
      restart = { at: restart.at + 1, piece: restart.piece };
      ({ at, piece } = restart);
    }
  }
  return pieces.slice(piece).every((rest) => typeof rest === 'object' && rest.wildcard === '%');
}
