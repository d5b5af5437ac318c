import { operationScopes } from '../../../generated/scopes.js';
import type { Scope } from './caller.js';

/** Scopes a personal access token may ask for, and those a session has. */
export const allScopes: readonly Scope[] = [
  'openid',
  'email',
  'profile',
  'view',
  'download',
  'modify',
  'authorize',
  'offline_access',
];

/** The operations that the table of the service lacks and that the general rule does not fit. */
const exceptions: Readonly<Record<string, readonly Scope[]>> = {
  'GET /auth/v1': [],
  'GET /file/v1': [],
  'GET /repo/v1': [],
  'GET /auth/v1/anonymousToken': [],
  'POST /auth/v1/oauth2/introspect': [],
  'POST /repo/v1/entity/{}/table/download/pfb/async/start': ['download', 'view'],
  'POST /repo/v1/grid/download/csv/async/start': ['download', 'view'],
};

/** Ends of the paths that only read, although they are sent as POST. */
const readingPath = /\/(?:list|search|suggestion|userRequests|stats\/async\/start)$/;

/** An operation, by what decides which scopes it requires. */
export interface ScopedOperation {
  readonly method: string;
  /** The path with the names of its parameters. */
  readonly path: string;
  /** Whether it gives a URL of a file. */
  readonly isDownload?: boolean;
}

/** The scopes that a token needs for an operation, sorted by name. */
export function requiredScopes(operation: ScopedOperation): readonly Scope[] {
  const { method, path } = operation;
  const key = `${method} ${path.replace(/\{[^{}]*\}/g, '{}')}`;
  return operationScopes[key] ?? exceptions[key] ?? generalRule(operation);
}

function generalRule({ method, path, isDownload = false }: ScopedOperation): readonly Scope[] {
  if (isDownload) {
    return ['download'];
  }
  if (method === 'GET' || (method === 'POST' && readingPath.test(path))) {
    return ['view'];
  }
  return method === 'DELETE' ? ['modify'] : ['modify', 'view'];
}
