import { METHODS } from './description.js';

/** The scopes that an access token may have. */
export const SCOPES = [
  'authorize',
  'download',
  'email',
  'modify',
  'offline_access',
  'openid',
  'profile',
  'view',
] as const;

/** The scopes that an operation requires. */
export interface ScopeRow {
  method: string;
  /** The path with `{}` for each parameter, because the names of parameters differ between sources. */
  path: string;
  scopes: string[];
}

/** Reads `openapi/scopes.tsv`. Throws for a row that is not understood or contradicts another. */
export function readScopes(text: string): ScopeRow[] {
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(readRow);
  const known = new Set<string>();
  for (const { method, path } of rows) {
    const key = `${method} ${path}`;
    if (known.has(key)) throw new Error(`openapi/scopes.tsv lists ${key} twice`);
    known.add(key);
  }
  return rows;
}

function readRow(line: string): ScopeRow {
  const [method = '', path = '', scopes = '', ...rest] = line.split('\t');
  const names = scopes === 'none' ? [] : scopes.split(' ');
  const isKnown =
    METHODS.some((known) => known.toUpperCase() === method) &&
    path.startsWith('/') &&
    names.every((name) => SCOPES.some((scope) => scope === name));
  if (!isKnown || rest.length > 0) throw new Error(`openapi/scopes.tsv: not understood: ${line}`);
  return { method, path: path.replace(/\{[^{}]*\}/g, '{}'), scopes: names };
}
