import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { partialRows } from '../server/tableSession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let evaluationId: string;
let submissionId: string;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  project = await alice().project();
  evaluationId = await alice().evaluation(project.id);
  const folder = await server.alice.create('folder', { name: 'entry', parentId: project.id });
  submissionId = (await alice().submit(evaluationId, folder)).id;
});

const custom =
  'status evaluationid evaluationroundid submitterid submitteralias entityid entityversion ' +
  'dockerrepositoryname dockerdigest';

describe('SubmissionMetadataIndexProviderUnitTest', () => {
  test('testObjectFieldTypeMapper: ids are those of submissions, and the scope those of evaluations', async () => {
    const columns = await alice().defaults('submissionview');
    const typeOf = (name: string) => columns.find((column) => column.name === name)?.columnType;
    expect(typeOf('id')).toBe('SUBMISSIONID');
    expect(typeOf('evaluationid')).toBe('EVALUATIONID');
  });

  test('testDefaultColumnModel: the default columns are properties, then those of submissions', async () => {
    const names = (await alice().defaults('submissionview')).map(({ name }) => name);
    expect(names.join(' ')).toBe(`id name createdOn createdBy etag modifiedOn projectId ${custom}`);
  });

  test('testGetAnnotations: annotations of the status are cells', async () => {
    await alice().setStatus(submissionId, {}, { color: ['STRING', 'red'] });
    const columns = [await alice().column({ name: 'color', columnType: 'STRING' })];
    const fields = { parentId: project.id, columns, scopeIds: [evaluationId] };
    const { id } = await alice().view('submissionview', fields);
    expect(await alice().cells(`select color from ${id}`)).toEqual([['red']]);
  });

  test('testUpdateAnnotations: a change needs the etag of the status', async () => {
    const column = await alice().column({ name: 'shape', columnType: 'STRING' });
    const fields = { parentId: project.id, columns: [column], scopeIds: [evaluationId] };
    const { id } = await alice().view('submissionview', fields);
    const rowId = Number(submissionId);
    const values = { [column.id]: 'round' };
    const stale = partialRows(id, [{ rowId, etag: crypto.randomUUID(), values }]);
    expect(await alice().updates(id, stale)).toEqual([
      { entityId: `syn${submissionId}`, failureCode: 'CONCURRENT_UPDATE' },
    ]);
    const { etag } = await alice().status(submissionId);
    expect(await alice().updates(id, partialRows(id, [{ rowId, etag, values }]))).toEqual([
      { entityId: `syn${submissionId}` },
    ]);
    expect(await alice().cells(`select shape from ${id}`)).toEqual([['round']]);
  });

  test('testCanUpdateAnnotation: properties of a submission are not written', async () => {
    const models = custom.split(' ').map((name) => ({ name, columnType: 'STRING' as const }));
    const columns = await alice().columns(...models);
    const fields = { parentId: project.id, columns, scopeIds: [evaluationId] };
    const { id } = await alice().view('submissionview', fields);
    const before = await alice().status(submissionId);
    const values = Object.fromEntries(columns.map((column) => [column.id, 'changed']));
    const row = { rowId: Number(submissionId), etag: before.etag, values };
    expect(await alice().updates(id, partialRows(id, [row]))).toEqual([
      { entityId: `syn${submissionId}` },
    ]);
    expect(await alice().status(submissionId)).toEqual(before);
  });

  test.each([
    ['testValidateScopeAndTypeWithUnderLimit: a scope of evaluations', 2, undefined],
    [
      'testValidateScopeAndTypeWithOverLimit: a scope has at most 35000 evaluations',
      35_001,
      "The view's scope exceeds the maximum number of 35000 evaluations.",
    ],
  ])('%s', async (_, count, reason) => {
    const second = await alice().evaluation(project.id);
    const scopeIds =
      reason === undefined
        ? [evaluationId, second]
        : Array.from({ length: count }, (__, index) => String(20_000_000 + index));
    const answer = await server.alice.post('/entity', {
      concreteType: 'org.sagebionetworks.repo.model.table.SubmissionView',
      ...{ parentId: project.id, name: crypto.randomUUID(), scopeIds },
    });
    expect(answer).toEqual(
      reason === undefined ? expect.objectContaining({ status: 201 }) : refusal(400, reason),
    );
  });

  test('testGetViewFilter: a view has the submissions of its evaluations only', async () => {
    const second = await alice().evaluation(project.id);
    const columns = (await alice().defaults('submissionview')).slice(0, 1);
    const fields = { parentId: project.id, columns };
    const other = await alice().view('submissionview', { ...fields, scopeIds: [second] });
    expect(await alice().rows(`select * from ${other.id}`)).toEqual([]);
    const both = { ...fields, scopeIds: [second, evaluationId] };
    const { id } = await alice().view('submissionview', both);
    expect(await alice().cells(`select id from ${id}`)).toEqual([[submissionId]]);
  });
});
