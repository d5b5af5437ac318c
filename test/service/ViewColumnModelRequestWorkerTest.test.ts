import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let file: Stored;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  project = await alice().project();
  file = await alice().file(project.id, 'file');
  await alice().annotate(file.id, { own: ['STRING', 'value'] });
  await bindSchema();
});

/** Binds a schema to the file that derives an annotation. */
async function bindSchema(): Promise<void> {
  const organizationName = 'view.columns';
  await server.alice.post('/schema/organization', { organizationName });
  const schema$id = `${organizationName}-license-1.0.0`;
  const created = await alice().job('/schema/type/create/async', {
    concreteType: 'org.sagebionetworks.repo.model.schema.CreateSchemaRequest',
    schema: { $id: schema$id, properties: { license: { const: 'CC-BY' } } },
  });
  expect(created).toMatchObject({ status: 201 });
  const binding = { entityId: file.id, schema$id, enableDerivedAnnotations: true };
  const path = `/entity/${file.id}/schema/binding`;
  expect(await server.alice.put(path, binding)).toMatchObject({ status: 200 });
}

async function names(fields: object = {}): Promise<(string | undefined)[]> {
  const answer = await alice().scopeColumns({ scope: [project.id], viewTypeMask: 1 }, fields);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as Required<M.ViewColumnModelResponse>).results.map(({ name }) => name);
}

describe('ViewColumnModelRequestWorkerTest', () => {
  test('testRun: derived annotations suggest nothing when nothing is said', async () => {
    expect(await names()).toEqual(['own']);
  });

  test('testRunWithIncludeDerivedAnnotations: derived annotations suggest columns when asked for', async () => {
    expect(await names({ includeDerivedAnnotations: true })).toEqual(['license', 'own']);
  });

  test('testRunWithExcludeDerivedAnnotations: derived annotations can be left out', async () => {
    expect(await names({ includeDerivedAnnotations: false })).toEqual(['own']);
  });

  test('testRunWithNextPageToken: a page follows another', async () => {
    const other = await alice().project();
    const { id } = await alice().file(other.id, 'file');
    const keys = Array.from({ length: 60 }, (_, index) => `key${index + 10}`);
    await alice().annotate(id, Object.fromEntries(keys.map((key) => [key, ['LONG', '1']])));
    const scope = { scope: [other.id], viewTypeMask: 1 };
    const first = (await alice().scopeColumns(scope)).body as Required<M.ViewColumnModelResponse>;
    expect(first.results.map(({ name }) => name)).toEqual(keys.slice(0, 50));
    const { nextPageToken } = first;
    const second = await alice().scopeColumns(scope, { nextPageToken });
    const { results, ...rest } = second.body as Required<M.ViewColumnModelResponse>;
    expect(results.map(({ name }) => name)).toEqual(keys.slice(50));
    expect(rest).not.toHaveProperty('nextPageToken');
  });

  test('testRunWithFailure: a refusal is that of the job', async () => {
    expect(await alice().scopeColumns({ viewTypeMask: 1, scope: [] })).toEqual(
      refusal(400, 'scope.scopeIds is required and must not be empty.'),
    );
  });
});
