import { expect, test } from '@jest/globals';

import { emitScopes } from '../../codegen/emit/scopes.js';
import { readScopes } from '../../codegen/scopes.js';

test('the rows of the table are found by the shape of their path', () => {
  const rows = readScopes(
    '# a comment\nGET\t/repo/v1/a/{id}\tview\nPOST\t/repo/v1/a\tmodify view\nGET\t/auth/v1/b\tnone\n',
  );
  expect(rows).toEqual([
    { method: 'GET', path: '/repo/v1/a/{}', scopes: ['view'] },
    { method: 'POST', path: '/repo/v1/a', scopes: ['modify', 'view'] },
    { method: 'GET', path: '/auth/v1/b', scopes: [] },
  ]);
  expect(emitScopes(rows)).toContain("  'POST /repo/v1/a': ['modify', 'view'],\n");
});

test.each([
  ['an unknown scope', 'GET\t/repo/v1/a\tread', 'not understood'],
  ['an unknown method', 'PATCH\t/repo/v1/a\tview', 'not understood'],
  ['no path', 'GET\trepo\tview', 'not understood'],
  ['a cell too many', 'GET\t/repo/v1/a\tview\tmore', 'not understood'],
  ['an operation twice', 'GET\t/a/{id}\tview\nGET\t/a/{other}\tmodify', 'lists GET /a/{} twice'],
])('a table with %s stops the generator', (_what, text, problem) => {
  expect(() => readScopes(text)).toThrow(problem);
});
