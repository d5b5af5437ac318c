import { SCOPES } from '../scopes.js';
import type { ScopeRow } from '../scopes.js';
import { HEADER, quote } from './text.js';

/** `scopes.ts`: the scopes that operations require, as run-time data. */
export function emitScopes(rows: readonly ScopeRow[]): string {
  const lines = rows.map(
    ({ method, path, scopes }) =>
      `  ${quote(`${method} ${path}`)}: [${scopes.map(quote).join(', ')}],\n`,
  );
  return [
    `${HEADER}\n/** A scope of an access token. */\nexport type Scope = ${SCOPES.map(quote).join(' | ')};\n`,
    `/** The scopes that an operation requires, by its method and its path with \`{}\` for each parameter. Newer operations are missing. */`,
    `export const operationScopes: Readonly<Record<string, readonly Scope[]>> = {\n${lines.join('')}};\n`,
  ].join('\n');
}
