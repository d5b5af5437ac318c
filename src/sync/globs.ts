import { ArgumentError } from '../errors.js';

/** Which paths take part. */
export interface GlobOptions {
  /**
   * Only paths that match one of these patterns take part. A pattern is as in `.gitignore`: without `/` it matches names at every
   * level; `*` and `?` match within a name, `**` matches any number of directories, `[a-z]` one of several characters, and `\`
   * takes the next character as it is. What matches a directory matches everything in it.
   *
   * @default every path
   */
  include?: readonly string[];
  /** Paths that match one of these patterns do not take part, also when `include` has them. */
  exclude?: readonly string[];
}

/** Decides which paths take part. */
export interface GlobFilter {
  /** Whether there is any `include` pattern. */
  readonly hasInclude: boolean;
  /**
   * Why a path does not take part; `undefined` when it does.
   *
   * @param path - Relative, with `/`.
   * @param isFolder - For a folder, only `exclude` counts: what `include` selects can be further down.
   */
  leftOut(path: string, isFolder?: boolean): string | undefined;
  /** Whether an `include` pattern matches a folder itself. */
  includes(path: string, isFolder?: boolean): boolean;
}

/**
 * Reads patterns.
 *
 * @throws {@link ArgumentError} for a pattern that is empty or cannot be read.
 */
export function globFilter({ include = [], exclude = [] }: GlobOptions = {}): GlobFilter {
  const wanted = include.map(parseGlob);
  const unwanted = exclude.map(parseGlob);
  const first = (globs: readonly Glob[], path: string, isFolder: boolean): Glob | undefined => {
    if (globs.length === 0) return undefined;
    const names = namesOf(path);
    return globs.find((glob) => matchesAnyLevel(glob, names, isFolder));
  };
  return {
    hasInclude: wanted.length > 0,
    leftOut(path, isFolder = false) {
      const excluding = first(unwanted, path, isFolder);
      if (excluding !== undefined) return `excluded by ${excluding.text}`;
      if (isFolder || wanted.length === 0 || first(wanted, path, false)) return undefined;
      return 'matches no pattern of those to include';
    },
    includes: (path, isFolder = false) => first(wanted, path, isFolder) !== undefined,
  };
}

/** A pattern for one name, or `**`. */
type Segment = '**' | readonly Piece[];

/** One character; any character; any number of characters; one of a set. */
type Piece =
  { is: string } | 'any' | 'many' | { not: boolean; ranges: readonly [string, string][] };

interface Glob {
  text: string;
  segments: readonly Segment[];
  /** Whether it matches only directories, and so everything in them. */
  isFolder: boolean;
}

function parseGlob(text: string): Glob {
  const isFolder = text.endsWith('/');
  const body = isFolder ? text.slice(0, -1) : text;
  const names = namesOf(body);
  if (names.length === 0 || names.every((name) => name === '')) {
    throw new ArgumentError(
      `The pattern ${JSON.stringify(text)} matches nothing: write a name, a path, or * for everything.`,
    );
  }
  // A slash at the beginning or in the middle ties the pattern to the top.
  const isAnchored = names.length > 1;
  const own = names.filter((name) => name !== '' && name !== '.');
  const segments = own.map((name) => (name === '**' ? name : parseSegment(name, text)));
  return { text, isFolder, segments: isAnchored ? segments : ['**', ...segments] };
}

function namesOf(path: string): string[] {
  return path.split('/');
}

function parseSegment(name: string, pattern: string): Piece[] {
  const characters = Array.from(name.normalize('NFC'));
  const pieces: Piece[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    if (character === '?') pieces.push('any');
    else if (character === '*') {
      if (pieces.at(-1) !== 'many') pieces.push('many');
    } else if (character === '[') {
      const end = setEnd(characters, index);
      if (end === undefined) {
        throw new ArgumentError(
          `The pattern ${JSON.stringify(pattern)} has a [ without its ]: write \\[ for the character itself.`,
        );
      }
      pieces.push(parseSet(characters.slice(index + 1, end)));
      index = end;
    } else {
      if (character === '\\') index += 1;
      const is = character === '\\' ? (characters[index] ?? '\\') : character;
      pieces.push({ is });
    }
  }
  return pieces;
}

/** A `]` directly after `[` or `[!` is one of the characters. */
function setEnd(characters: readonly string[], start: number): number | undefined {
  const first = start + (isNegation(characters[start + 1]) ? 3 : 2);
  const end = characters.indexOf(']', first);
  return end === -1 ? undefined : end;
}

function isNegation(character: string | undefined): boolean {
  return character === '!' || character === '^';
}

function parseSet(characters: readonly string[]): Piece {
  const not = isNegation(characters[0]);
  const own = not ? characters.slice(1) : characters;
  const ranges: [string, string][] = [];
  for (let index = 0; index < own.length; index += 1) {
    const from = own[index] ?? '';
    const to = own[index + 2];
    if (own[index + 1] === '-' && to !== undefined) {
      ranges.push([from, to]);
      index += 2;
    } else ranges.push([from, from]);
  }
  return { not, ranges };
}

/** Whether the pattern matches the path, or a directory that it is in. */
function matchesAnyLevel(glob: Glob, names: readonly string[], isFolder: boolean): boolean {
  for (let length = names.length; length > 0; length -= 1) {
    if (glob.isFolder && length === names.length && !isFolder) continue;
    if (matchesPath(glob.segments, names.slice(0, length))) return true;
  }
  return false;
}

const matchesPath = matcher<Segment, string>(
  (segment) => segment === '**',
  (segment, name) => segment !== '**' && matchesName(segment, Array.from(name.normalize('NFC'))),
);

const matchesName = matcher<Piece, string>(
  (piece) => piece === 'many',
  (piece, character) => {
    if (typeof piece === 'string') return piece === 'any';
    if ('is' in piece) return piece.is === character;
    return piece.ranges.some(([from, to]) => from <= character && character <= to) !== piece.not;
  },
);

/**
 * Matches a list against a pattern with wildcards. After a mismatch it goes back to the last wildcard only, which is enough: the
 * time is at most the product of the two lengths.
 */
function matcher<Part, Value>(
  isWildcard: (part: Part) => boolean,
  matches: (part: Part, value: Value) => boolean,
): (parts: readonly Part[], values: readonly Value[]) => boolean {
  return (parts, values) => {
    let part = 0;
    let value = 0;
    let retry: { part: number; value: number } | undefined;
    while (value < values.length) {
      const current = parts[part];
      const next = values[value] as Value;
      if (current !== undefined && isWildcard(current)) {
        retry = { part, value };
        part += 1;
      } else if (current !== undefined && matches(current, next)) {
        part += 1;
        value += 1;
      } else if (retry !== undefined) {
        retry.value += 1;
        part = retry.part + 1;
        value = retry.value;
      } else return false;
    }
    return parts.slice(part).every(isWildcard);
  };
}
