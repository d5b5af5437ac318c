import { textKey } from './textKey.js';

/** Escape character in the patterns for SQLite. It does not occur in keys. */
export const likeEscape = '\u001e';

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

const cache = new Map<string, RegExp>();

/** Whether a text matches a pattern that is only known at run time. */
export function matchesLike(text: string, pattern: string, escape = '\\'): boolean {
  const id = escape + pattern;
  let regExp = cache.get(id);
  if (regExp === undefined) {
    const source = split(pattern, escape)
      .map((piece) =>
        typeof piece === 'string'
          ? textKey(piece)
              .toLowerCase()
              .replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
          : piece.wildcard === '%'
            ? '.*'
            : '.',
      )
      .join('');
    regExp = new RegExp(`^${source}$`, 's');
    if (cache.size >= 200) {
      cache.clear();
    }
    cache.set(id, regExp);
  }
  return regExp.test(textKey(text).toLowerCase());
}
