import { withoutPrefix } from './description.js';
import type { Located, Method } from './description.js';

const VERBS: Readonly<Record<Method, string>> = {
  get: 'get',
  post: 'create',
  put: 'update',
  delete: 'delete',
};

/** Service of a tag: `Certified User Services` -> `certifiedUser`. */
export function serviceOf(tag: string): string {
  const words = tag
    .replace(/\bServices?\b/g, ' ')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  return words.map((word, index) => (index === 0 ? lower(word) : capital(word))).join('');
}

/** Proposes a name for a new operation. Improve it before you accept it. */
export function proposeOperationName(
  { method, path }: Pick<Located, 'method' | 'path'>,
  service: string,
  taken: ReadonlySet<string>,
): string {
  const segments = withoutPrefix(path)
    .replace(/\/async\/.*/, '')
    .split('/')
    .filter(Boolean);
  const isParameter = (segment: string): boolean => segment.startsWith('{');
  const nouns = segments
    .filter((segment) => !isParameter(segment))
    .map(pascal)
    .join('');
  const name = verbAndNouns(method, path, nouns);
  const parameters = segments.filter(isParameter).map(pascal).join('And');
  const candidates = [name, `${name}By${parameters}`, `${name}By${capital(method)}`];
  return firstFree(
    candidates.map((candidate) => `${service}.${candidate}`),
    taken,
  );
}

function verbAndNouns(method: Method, path: string, nouns: string): string {
  if (path.endsWith('/async/start')) return `start${nouns}`;
  if (path.includes('/async/get/')) return `get${nouns}Result`;
  return VERBS[method] + nouns;
}

/** The last part of the full name, with as many parts of the package before it as make it unique. */
export function proposeTypeName(fullName: string, taken: ReadonlySet<string>): string {
  const parts = fullName.split('.').map(capital);
  const suffixes = parts.map((_, index) => parts.slice(parts.length - 1 - index).join(''));
  return firstFree(suffixes, taken);
}

function firstFree(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (free !== undefined) return free;
  const tried = candidates.join(', ');
  throw new Error(`No free name among ${tried}: name it by hand in openapi/names.lock.json`);
}

function pascal(segment: string): string {
  return segment.split(/\W+/).map(capital).join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lower(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
