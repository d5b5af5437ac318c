import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session, Stored, TestServer } from '../server/entitySession.js';
import { bind, register, results } from '../server/schemaSession.js';

let count = 0;

/** Makes an organization with a name that no other test uses. */
export async function createOrganization(session: Session): Promise<Required<M.Organization>> {
  count += 1;
  const organizationName = `test.integration.organization${count}`;
  const answer = await session.post('/schema/organization', { organizationName });
  expect(answer).toMatchObject({ status: 201, body: { name: organizationName } });
  return answer.body as Required<M.Organization>;
}

/** Registers a schema. @returns its version */
export async function registered(
  session: Session,
  schema: object,
): Promise<M.JsonSchemaVersionInfo> {
  const answer = await register(session, schema);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as M.CreateSchemaResponse).newVersionInfo ?? {};
}

/** Why a schema cannot be registered. */
export async function registerRefusal(session: Session, schema: object): Promise<unknown> {
  const { status, body } = await register(session, schema);
  expect(status).toBe(400);
  return (body as M.ErrorResponse).reason;
}

/** A new project with a folder in it. */
export interface SchemaWorld {
  readonly project: Stored;
  readonly folder: Stored;
}

/** Makes a project with a folder. The schema, if there is one, is bound to the project first. */
export async function createWorld(
  session: Session,
  schema?: object,
  binding: object = {},
): Promise<SchemaWorld> {
  const project = await session.create('project', { name: crypto.randomUUID() });
  if (schema !== undefined) {
    const { $id = '' } = await registered(session, schema);
    expect(await bind(session, project.id, $id, binding)).toMatchObject({ status: 200 });
  }
  const folder = await session.create('folder', { name: 'child', parentId: project.id });
  return { project, folder };
}

/** The JSON of an entity. */
export async function readJson(
  session: Session,
  id: string,
  query = '',
): Promise<Record<string, unknown>> {
  const answer = await session.get(`/entity/${id}/json${query}`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Record<string, unknown>;
}

/** Adds to the JSON of an entity. @returns the JSON as the answer has it */
export async function addJson(
  session: Session,
  id: string,
  fields: object,
): Promise<Record<string, unknown>> {
  const answer = await session.put(`/entity/${id}/json`, {
    ...(await readJson(session, id)),
    ...fields,
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Record<string, unknown>;
}

/** Sends and returns JSON as text, in which 1.0 is not 1. */
export async function sendText(
  server: TestServer,
  method: 'GET' | 'PUT',
  path: string,
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const { endpoint, authToken } = server.synapse;
  const response = await fetch(`${endpoint}/repo/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${authToken}`, 'content-type': 'application/json' },
    body: body ?? null,
  });
  return { status: response.status, text: await response.text() };
}

/** The annotations of an entity. */
export async function readAnnotations(
  session: Session,
  id: string,
  query = '',
): Promise<M.Annotations['annotations']> {
  const answer = await session.get(`/entity/${id}/annotations2${query}`);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as M.Annotations).annotations;
}

/** Expects that an entity follows its schema, or does not. */
export async function expectValid(session: Session, id: string, isValid = true): Promise<void> {
  const { etag } = await session.read(id);
  expect(await results(session, id)).toMatchObject({
    objectId: id,
    objectEtag: etag,
    objectType: 'entity',
    isValid,
  });
}
