import { ArgumentError } from '../errors.js';
import { methods, operationAt, type Operation } from './operation.js';
import { readQuery } from '../values/readQuery.js';

type Arguments = Readonly<Record<string, unknown>>;

/** An operation found by method and path, with its arguments. */
export interface PathCall {
  operation: Operation;
  args: Arguments;
}

/**
 * Finds the operation of a method and a path. For one that is missing in the API description, names in braces are filled in
 * from the arguments, `body` is the body, and all other arguments go into the query, as does the part after a `?`.
 *
 * @throws {@link ArgumentError} for a method that the API does not use, and for an invalid path: another host, dot segments.
 */
export function operationByPath(method: string, path: string, args: Arguments): PathCall {
  const id = `${method} ${path}`;
  const described = operationAt(method, path);
  if (described !== undefined) return { operation: { ...described, id }, args };
  const known = methods.find((name) => name === method);
  if (known === undefined) {
    throw new ArgumentError(`${method} is not a method of the API: use ${methods.join(', ')}.`);
  }
  const [pathname = '', search = ''] = path.split(/\?(.*)/s);
  checkPath(pathname);
  const all: Arguments = { ...readQuery(search), ...args };
  return { operation: undescribed(known, pathname, all), args: all };
}

function undescribed(method: Operation['method'], path: string, args: Arguments): Operation {
  const inPath = [...path.matchAll(placeholder)].map(([, name = '']) => name);
  const inQuery = Object.keys(args).filter((name) => name !== 'body' && !inPath.includes(name));
  return {
    id: `${method} ${path}`,
    method,
    path,
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, kind: 'string' }) as const),
      ...inQuery.map((name) => ({ name, in: 'query', required: false, kind: 'string' }) as const),
    ],
    body: args['body'] === undefined ? '' : '?',
    parse: 'any',
    response: '?',
    status: undefined,
    page: '',
  };
}

const placeholder = /\{(\w+)\}/g;

/** The request carries the token, so the path must stay below the endpoint. */
function checkPath(path: string): void {
  const refuse = (why: string): never => {
    throw new ArgumentError(
      `${JSON.stringify(path)} is not a path of the API: ${why}. Paths look like /repo/v1/entity/syn123.`,
    );
  };
  if (!path.startsWith('/') || path.startsWith('//')) refuse('it does not begin with one slash');
  // A URL parser drops line breaks, and reads a backslash as a slash.
  if (/[\s\\#\u0000-\u001f\u007f]/.test(path)) {
    refuse('it has a space, a backslash, a # or a control character');
  }
  if (/%(?![\da-f]{2})/i.test(path)) refuse('it has a % without two hexadecimal digits');
  if (/[{}]/.test(path.replace(placeholder, '')))
    refuse('it has a brace that does not enclose a name');
  const segments = path.replace(/%2e/gi, '.').split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) refuse('it has . or ..');
}
