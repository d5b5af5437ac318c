import { methods, operationById, operationIds, type Operation } from '../../api/operation.js';
import { readQuery } from '../../values/readQuery.js';

/** An endpoint that is called by its path. */
export interface PathMatch {
  method: Operation['method'];
  /** The path with the prefix of its service, and the query. */
  path: string;
  /** The operation of the path, if it is described. */
  operation: Operation | undefined;
  /** The values in the path, and in its query. */
  args: Record<string, string | string[]>;
}

/** The prefixes of the services. Where a path fits several, the first counts, as in the REST docs. */
const prefixes = ['/repo/v1', '/auth/v1', '/file/v1', '/docker/v1', '/ga4gh/drs/v1'];
const hasPrefix = /^\/(?:repo|auth|file|docker|dockerRegistryListener)\/v\d+\/|^\/ga4gh\//;

/** The method that a word is, in any case. */
export function methodOf(word: string): Operation['method'] | undefined {
  return methods.find((method) => method === word.toUpperCase());
}

/** Whether a word is the URL of an endpoint. */
export function isUrl(word: string): boolean {
  return /^https?:\/\//i.test(word);
}

/** Whether a word is the path or the URL of an endpoint. */
export function isPath(word: string): boolean {
  return word.startsWith('/') || isUrl(word);
}

/**
 * Finds the operation of a path. A path without the prefix of its service, as the REST docs write it, gets one: `/entity/syn1` is
 * `/repo/v1/entity/syn1`.
 */
export function matchPath(method: Operation['method'], typed: string): PathMatch {
  const path = typed.startsWith('/') ? typed : `/${typed}`;
  const isWhole = hasPrefix.test(path) || path.startsWith('//');
  const candidates = isWhole ? [path] : prefixes.map((prefix) => prefix + path);
  for (const candidate of candidates) {
    const match = matchOperation(method, candidate);
    if (match !== undefined) return match;
  }
  const [first = path] = candidates;
  return { method, path: first, operation: undefined, args: {} };
}

function matchOperation(method: Operation['method'], path: string): PathMatch | undefined {
  const [pathname = '', search = ''] = path.split(/\?(.*)/s);
  const segments = pathname.split('/');
  let best: { operation: Operation; values: Map<string, string> } | undefined;
  for (const operation of operationIds().flatMap((id) => operationById(id) ?? [])) {
    if (operation.method !== method) continue;
    const values = valuesIn(operation.path.split('/'), segments);
    // A path that is written out, `/entity/children`, precedes one with a parameter in that place.
    if (values !== undefined && (best === undefined || values.size < best.values.size)) {
      best = { operation, values };
    }
  }
  if (best === undefined) return undefined;
  const query = readQuery(search);
  // The client always sends `redirect=false`.
  if (best.operation.parse === 'redirect') delete query['redirect'];
  const known = new Set(best.operation.parameters.map(({ name }) => name));
  const isKnown = Object.keys(query).every((name) => known.has(name) && !best.values.has(name));
  return isKnown
    ? {
        method,
        path,
        operation: best.operation,
        args: { ...Object.fromEntries(best.values), ...query },
      }
    : { method, path, operation: undefined, args: {} };
}

/** The values of the parameters in a path, if it fits the template. */
function valuesIn(
  template: readonly string[],
  segments: readonly string[],
): Map<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const values = new Map<string, string>();
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part === segment) continue;
    if (!part.startsWith('{') || segment === '') return undefined;
    const value = decoded(segment);
    if (value === undefined) return undefined;
    values.set(part.slice(1, -1), value);
  }
  return values;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
