import { describe, expect, test } from '@jest/globals';

import { operations } from '../../generated/operations.js';
import { operationScopes, type Scope } from '../../generated/scopes.js';
import { readsToken } from '../../src/server/auth/guardedPaths.js';
import { allScopes, requiredScopes } from '../../src/server/kernel/scopes.js';
import { api, type Answer } from '../helpers/api.js';
import { withSessions } from './entitySession.js';
import { ScopedTokens } from './scopedTokens.js';

const server = withSessions();
const tokens = new ScopedTokens(server);

interface Operation {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly Scope[];
}

/** All operations that the server serves and the table lists. */
const served = Object.values(operations)
  .map(([method, path]): Operation => {
    const key = `${method} ${path.replace(/\{[^{}]*\}/g, '{}')}`;
    return { key, method, path, scopes: operationScopes[key] ?? [] };
  })
  // The token of a request for a login, or of an agreement to the terms, is not read.
  .filter(({ key, path }) => operationScopes[key] !== undefined && readsToken(path));

/** Sends a request that goes no further than the check of its scopes: its body cannot be read, its ids name nothing. */
async function call({ method, path }: Operation, scopes: readonly Scope[]): Promise<Answer> {
  const token = await tokens.get(scopes);
  const target = path.replace(/\{[^{}]*\}/g, '0');
  const body = method === 'POST' || method === 'PUT' ? '{' : undefined;
  return api(server.synapse, token).send(method, target, { body });
}

function isInsufficient({ status, body }: Answer): boolean {
  return status === 403 && (body as { error?: string }).error === 'insufficient_scope';
}

/** Runs checks of all operations, a few at a time, and returns the keys of those that failed. */
async function failures(check: (operation: Operation) => Promise<boolean>): Promise<string[]> {
  const waiting = [...served];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (!(await check(next))) failed.push(next.key);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return failed.sort();
}

describe('every operation of the table', () => {
  test('is one of nearly all operations of the description', () => {
    expect(served.length).toBeGreaterThan(500);
    expect(new Set(served.flatMap(({ scopes }) => scopes))).toEqual(
      new Set(['authorize', 'download', 'modify', 'openid', 'view']),
    );
  });

  test('refuses a token that lacks one of its scopes, and names it', async () => {
    const failed = await failures(async (operation) => {
      for (const scope of operation.scopes) {
        const answer = await call(
          operation,
          allScopes.filter((other) => other !== scope),
        );
        const reason = `Request lacks scope(s) required by this service: ${scope}`;
        const isRight =
          isInsufficient(answer) &&
          (answer.body as { error_description: string }).error_description === reason;
        if (!isRight) return false;
      }
      return true;
    });
    expect(failed).toEqual([]);
  });

  test('lets a token through that has exactly its scopes', async () => {
    const failed = await failures(async (operation) => {
      const { scopes } = operation;
      const answer = await call(operation, scopes.length === 0 ? ['email'] : scopes);
      return !isInsufficient(answer);
    });
    expect(failed).toEqual([]);
    // No request of the loop revoked the tokens, which would have been refused for that.
    const token = await tokens.get(['view']);
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 200 });
  });
});

test('scopes that are missing are named in alphabetical order', async () => {
  const token = await tokens.get(['email']);
  const reason = 'Request lacks scope(s) required by this service: modify, view';
  expect(await server.session(token).post('/entity', {})).toMatchObject({
    status: 403,
    body: {
      error: 'insufficient_scope',
      error_description: reason,
      reason: `insufficient_scope. ${reason}`,
    },
  });
});

test('anonymous requests need no scopes', async () => {
  expect(await server.anonymous.get('/status')).toMatchObject({ status: 200 });
  const token = await server.anonymous.get('/auth/v1/anonymousToken');
  const { accessToken } = token.body as { accessToken: string };
  expect(await server.session(accessToken).post('/entity', {})).not.toMatchObject({
    body: { error: 'insufficient_scope' },
  });
});

describe('an operation that the table lacks', () => {
  test.each([
    ['GET', '/repo/v1/grid/session/{sessionId}', ['view']],
    ['POST', '/repo/v1/grid/session/list', ['view']],
    ['POST', '/repo/v1/curation/task', ['modify', 'view']],
    ['DELETE', '/repo/v1/curation/task/{taskId}', ['modify']],
    ['POST', '/repo/v1/grid/download/csv/async/start', ['download', 'view']],
    ['GET', '/auth/v1/anonymousToken', []],
  ])('%s %s follows the rule', (method, path, scopes) => {
    expect(operationScopes).not.toHaveProperty([`${method} ${path.replace(/\{\w+\}/g, '{}')}`]);
    expect(requiredScopes({ method, path })).toEqual(scopes);
  });

  test('needs the scope download where it gives a file', () => {
    const path = '/repo/v1/new/{id}/file';
    expect(requiredScopes({ method: 'GET', path, isDownload: true })).toEqual(['download']);
  });
});
