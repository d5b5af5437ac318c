import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { TableSession, tableModel } from '../server/tableSession.js';
import { annotate } from './viewScene.js';

const server = withSessions();

function ask(fields: object): ReturnType<TableSession['job']> {
  return new TableSession(server.alice).job('/column/view/scope/async', {
    concreteType: `${tableModel}.ViewColumnModelRequest`,
    ...fields,
  });
}

/** A project with a folder that has some annotations. */
async function annotated(keys: readonly string[]): Promise<string> {
  const project = await server.alice.create('project', { name: crypto.randomUUID() });
  const folder = await server.alice.create('folder', { name: 'folder', parentId: project.id });
  const value: M.AnnotationsValue = { type: 'STRING', value: ['x'] };
  await annotate(server.alice, folder.id, Object.fromEntries(keys.map((key) => [key, value])));
  return project.id;
}

describe('ViewColumnModelRequestWorkerTest', () => {
  test('testRun: columns are suggested for several containers', async () => {
    const scope = [await annotated(['a']), await annotated(['b'])];
    expect(await ask({ viewScope: { scope, viewTypeMask: 0x8 } })).toMatchObject({
      status: 201,
      body: { results: [{ name: 'a' }, { name: 'b' }] },
    });
  });

  test('testRunWithNextPageToken: a token leads to a page and to the next token', async () => {
    const scope = [await annotated(['a', 'b', 'c'])];
    const viewScope = { scope, viewTypeMask: 0x8 };
    expect(await ask({ viewScope, nextPageToken: '1a1' })).toMatchObject({
      body: { results: [{ name: 'b' }], nextPageToken: '1a2' },
    });
  });

  test.each([
    ['testRunWithFailure: a scope is needed', {}, 'scope is required.'],
    [
      'testRunWithFailure: a container is needed',
      { viewScope: { scope: [], viewTypeMask: 1 } },
      'scope.scopeIds is required and must not be empty.',
    ],
    [
      'testRunWithFailure: a mask or a type is needed',
      { viewScope: { scope: ['syn1'] } },
      "Either 'viewType' or 'viewTypeMask' must be provided",
    ],
  ])('%s', async (_title, fields, reason) => {
    expect(await ask(fields)).toEqual(refusal(400, reason));
  });
});
