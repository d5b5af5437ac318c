import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session } from './entitySession.js';

const model = 'org.sagebionetworks.repo.model.schema';

/** What the `$id` of a registered schema begins with when it is read, wherever it is served. */
export const registeredBase = 'https://repo-prod.prod.sagebase.org/repo/v1/schema/type/registered/';

/** Asks for the registration of a schema. */
export function register(session: Session, schema: object, fields: object = {}): Promise<Answer> {
  return session.run('/schema/type/create', {
    concreteType: `${model}.CreateSchemaRequest`,
    schema,
    ...fields,
  });
}

/** Binds a registered schema to an entity. */
export async function bind(
  session: Session,
  entityId: string,
  schema$id: string,
  fields: object = {},
): Promise<Answer> {
  const body = { entityId, schema$id, ...fields };
  return session.put(`/entity/${entityId}/schema/binding`, body);
}

/** Registers a schema with `$id` and binds it. */
export async function follow(session: Session, entityId: string, schema: object): Promise<void> {
  const answer = await register(session, schema);
  expect(answer).toMatchObject({ status: 201 });
  const { newVersionInfo } = answer.body as M.CreateSchemaResponse;
  expect(await bind(session, entityId, newVersionInfo?.$id ?? '')).toMatchObject({ status: 200 });
}

/** Replaces the annotations of an entity. */
export async function annotate(session: Session, id: string, annotations: object): Promise<void> {
  const { etag } = await session.read(id);
  const answer = await session.put(`/entity/${id}/annotations2`, { id, etag, annotations });
  expect(answer).toMatchObject({ status: 200 });
}

/** Whether an entity follows its schema. */
export async function results(session: Session, id: string): Promise<M.ValidationResults> {
  const answer = await session.get(`/entity/${id}/schema/validation`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.ValidationResults;
}
