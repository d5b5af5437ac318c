import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session, Stored, TestServer } from '../server/entitySession.js';
import { TableSession, type Column } from '../server/tableSession.js';

/** A project with two folders and files in them by turns. Bob may read all but the second folder. */
export interface ViewScene {
  readonly project: Stored;
  readonly folders: readonly Stored[];
  readonly files: readonly Stored[];
}

/** Sets the annotations of an entity. */
export async function annotate(
  session: Session,
  id: string,
  annotations: Readonly<Record<string, M.AnnotationsValue>>,
): Promise<void> {
  const { body } = await session.get(`/entity/${id}/annotations2`);
  const put = await session.put(`/entity/${id}/annotations2`, { ...(body as object), annotations });
  expect(put).toMatchObject({ status: 200 });
}

/** Lets a user do more with an entity. */
export async function allow(
  session: Session,
  id: string,
  principalId: number,
  accessType: M.ACCESS_TYPE[],
): Promise<void> {
  const { body } = await session.get(`/entity/${id}/acl`);
  const acl = body as M.AccessControlList;
  const others = (acl.resourceAccess ?? []).filter((entry) => entry.principalId !== principalId);
  const put = await session.put(`/entity/${id}/acl`, {
    ...acl,
    resourceAccess: [...others, { principalId, accessType }],
  });
  expect(put).toMatchObject({ status: 200 });
}

/** Makes the entities of a scene. */
export async function viewScene(server: TestServer, fileCount: number): Promise<ViewScene> {
  const { alice } = server;
  const project = await alice.create('project', { name: crypto.randomUUID() });
  const folders = [
    await alice.create('folder', { name: 'folder one', parentId: project.id }),
    await alice.create('folder', { name: 'folder two', parentId: project.id }),
  ];
  await allow(alice, project.id, server.userId('bob'), ['READ']);
  const own = await alice.post(`/entity/${folders[1]?.id ?? ''}/acl`, {
    id: folders[1]?.id,
    resourceAccess: [
      {
        principalId: server.userId('alice'),
        accessType: ['READ', 'DOWNLOAD', 'CHANGE_PERMISSIONS', 'CREATE', 'UPDATE', 'DELETE'],
      },
    ],
  });
  expect(own).toMatchObject({ status: 201 });
  const files: Stored[] = [];
  for (let index = 0; index < fileCount; index += 1) {
    files.push(
      await alice.create('file', {
        name: `file_${index}`,
        parentId: folders[index % 2]?.id,
        dataFileHandleId: await alice.createHandle(String(index).repeat(32)),
      }),
    );
  }
  return { project, folders, files };
}

/** A view of the entities of a project. */
export async function entityView(
  session: Session,
  project: Stored,
  columns: readonly Column[],
  viewTypeMask = 0x1,
): Promise<Stored> {
  return session.create('entityview', {
    name: crypto.randomUUID(),
    parentId: project.id,
    scopeIds: [project.id],
    viewTypeMask,
    columnIds: columns.map(({ id }) => id),
  });
}

/** The default columns of a view of files. */
export async function fileColumns(session: Session): Promise<Column[]> {
  const { body } = await session.get(
    '/column/tableview/defaults?viewEntityType=entityview&viewTypeMask=1',
  );
  return (body as { list: Column[] }).list;
}

/** A patient of the tests of joins. */
export interface Patient {
  readonly code: string;
  readonly patientId: string;
  readonly multiValue?: readonly string[];
}

export const patients: readonly Patient[] = [
  { code: 'abc', patientId: '111', multiValue: ['a', 'b'] },
  { code: 'def', patientId: '222' },
];

/** A view of files; the even ones are annotated with the first patient, the others with the second. */
export async function patientFiles(
  session: Session,
  scene: ViewScene,
  ids: readonly string[] = ['111', '222'],
): Promise<Stored> {
  for (const [index, file] of scene.files.entries()) {
    const value = [ids[index % 2] ?? ''];
    await annotate(session, file.id, { patientId: { type: 'LONG', value } });
  }
  const columns = await new TableSession(session).columns(
    { name: 'id', columnType: 'ENTITYID' },
    { name: 'patientId', columnType: 'INTEGER' },
  );
  return entityView(session, scene.project, columns);
}

/** A view of folders; each is annotated with a patient. */
export async function patientFolders(session: Session, scene: ViewScene): Promise<Stored> {
  for (const [index, { code, patientId, multiValue }] of patients.entries()) {
    await annotate(session, scene.folders[index]?.id ?? '', {
      code: { type: 'STRING', value: [code] },
      patientId: { type: 'LONG', value: [patientId] },
      ...(multiValue !== undefined && { multiValue: { type: 'STRING', value: [...multiValue] } }),
    });
  }
  const columns = await new TableSession(session).columns(
    { name: 'code', columnType: 'STRING', maximumSize: 50 },
    { name: 'patientId', columnType: 'INTEGER' },
    { name: 'multiValue', columnType: 'STRING_LIST' },
  );
  return entityView(session, scene.project, columns, 0x8);
}

/** A table of the patients. */
export async function patientTable(
  session: Session,
  project: Stored,
  codes: readonly string[] = ['abc', 'def'],
): Promise<{ readonly id: string; readonly columns: readonly Column[] }> {
  const tables = new TableSession(session);
  const columns = await tables.columns(
    { name: 'code', columnType: 'STRING', maximumSize: 50 },
    { name: 'patientId', columnType: 'INTEGER' },
  );
  const { id } = await tables.table(columns, { parentId: project.id });
  await tables.append(
    id,
    columns,
    patients.map(({ patientId }, index) => [codes[index] ?? null, patientId]),
  );
  return { id, columns };
}
