import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { classes, md5s, refusal, withSessions, type Stored } from './entitySession.js';

fc.configureGlobal({ seed: 20_260_105 });

const server = withSessions();
let project: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Entities' });
});

describe('creating', () => {
  test('a project gives its creator every right', async () => {
    const { alice, synapse } = server;
    const own = await alice.create('project', { name: 'Own', description: 'What it is' });
    expect(own).toEqual({
      id: expect.stringMatching(/^syn\d+$/),
      name: 'Own',
      description: 'What it is',
      etag: expect.stringMatching(/^[0-9a-f-]{36}$/),
      createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      modifiedOn: own.createdOn,
      createdBy: synapse.users.alice.userId,
      modifiedBy: synapse.users.alice.userId,
      parentId: 'syn4489',
      concreteType: classes.project,
    });
    expect(await alice.get(`/entity/${own.id}/acl`)).toMatchObject({
      status: 200,
      body: {
        id: own.id,
        resourceAccess: [
          {
            principalId: server.userId('alice'),
            accessType: expect.arrayContaining([
              'READ',
              'DOWNLOAD',
              'UPDATE',
              'DELETE',
              'CREATE',
              'CHANGE_PERMISSIONS',
              'CHANGE_SETTINGS',
              'MODERATE',
            ]),
          },
        ],
      },
    });
    const folder = await alice.create('folder', { parentId: own.id, name: 'Below' });
    expect(await alice.get(`/entity/${folder.id}/benefactor`)).toMatchObject({
      body: { id: own.id, type: classes.project, benefactorId: Number(own.id.slice(3)) },
    });
    expect(await alice.read(own.id)).toEqual(own);
  });

  test('a name is trimmed', async () => {
    const { alice } = server;
    const named = await alice.create('folder', { parentId: project.id, name: '  Trimmed ' });
    expect(named.name).toBe('Trimmed');
  });

  test('an entity without a name is named by its id', async () => {
    const unnamed = await server.alice.create('folder', { parentId: project.id, name: null });
    expect(unnamed.name).toBe(unnamed.id);
  });

  test('ids are read in any case with or without prefix', async () => {
    const { alice } = server;
    const bare = project.id.slice(3);
    const folder = await alice.create('folder', { parentId: bare, name: 'By number' });
    expect(folder.parentId).toBe(project.id);
    for (const id of [bare, `SYN${bare}`, `Syn${bare}`]) {
      expect(await alice.get(`/entity/${id}`)).toMatchObject({ body: { id: project.id } });
    }
  });

  test('what a client sets of the server own fields is ignored', async () => {
    const { alice, synapse } = server;
    const folder = await alice.create('folder', {
      parentId: project.id,
      name: 'Ignored fields',
      id: 'syn5',
      etag: 'x',
      createdBy: '1',
      createdOn: '1999-01-01T00:00:00.000Z',
      nonsense: { a: 1 },
    });
    expect(folder).toMatchObject({ createdBy: synapse.users.alice.userId });
    expect(folder.id).not.toBe('syn5');
    expect(folder.createdOn).not.toMatch(/^1999/);
    expect(folder).not.toHaveProperty('nonsense');
  });

  test.each([
    ['a blank name', { name: '  ' }, 400, 'Entity name cannot be blank.'],
    ['a long name', { name: 'x'.repeat(257) }, 400, 'Name must be 256 characters or less'],
    [
      'a bad name',
      { name: 'a/b' },
      400,
      "Invalid Name: 'a/b'. Names may only contain: letters, numbers, spaces, underscores, hyphens, periods, plus signs, apostrophes, and parentheses",
    ],
    ['a long description', { description: 'x'.repeat(1001) }, 400, expect.stringContaining('1000')],
    ['an unknown parent', { parentId: 'syn999' }, 404, "Resource: 'syn999' does not exist"],
    ['a malformed parent', { parentId: 'banana' }, 400, 'banana is not a valid Synapse ID.'],
    [
      'no parent',
      { parentId: undefined },
      400,
      'Entity type: org.sagebionetworks.repo.model.Folder cannot have a parent of type: null',
    ],
    [
      'the root as a parent',
      { parentId: 'syn4489' },
      400,
      'Entity type: org.sagebionetworks.repo.model.Folder cannot have a parent of type: null',
    ],
    [
      'the trash as a parent',
      { parentId: 'syn1681355' },
      404,
      'Entity syn1681355 is in trash can.',
    ],
    [
      'a type that never was',
      { concreteType: 'org.sagebionetworks.repo.model.Preview' },
      400,
      expect.stringContaining('Preview'),
    ],
    [
      'an unknown type',
      { concreteType: 'org.example.Thing' },
      400,
      expect.stringContaining('org.example.Thing'),
    ],
    ['no type', { concreteType: undefined }, 400, expect.stringContaining('concreteType')],
    ['a name that is no text', { name: { a: 1 } }, 400, expect.any(String)],
    ['an unknown activity', { query: '?generatedBy=987' }, 404, "Activity: '987' does not exist"],
  ])('refuses %s', async (_name, change, status, reason) => {
    const { alice } = server;
    const { query = '', ...fields } = { query: undefined, ...change } as { query?: string };
    const body = { concreteType: classes.folder, parentId: project.id, name: 'Refused', ...fields };
    expect(await alice.post(`/entity${query}`, body)).toEqual(refusal(status, reason));
    expect(
      await alice.post('/entity/child', { parentId: project.id, entityName: 'Refused' }),
    ).toMatchObject({
      status: 404,
    });
  });

  test.each(['', '{', '[]', '"x"', 'null', '{"concreteType": 5}'])(
    'refuses the body %j',
    async (text) => {
      const answer = await server.alice.post('/entity', text);
      expect(answer).toEqual(refusal(400, expect.any(String)));
    },
  );

  test('a project cannot be in a project', async () => {
    const body = { concreteType: classes.project, parentId: project.id, name: 'Inner' };
    expect(await server.alice.post('/entity', body)).toEqual(
      refusal(
        400,
        'Entity type: org.sagebionetworks.repo.model.Project cannot have a parent of type: org.sagebionetworks.repo.model.Project',
      ),
    );
  });

  test('only certified members of the project may', async () => {
    const { bob, carol, anonymous } = server;
    const body = { concreteType: classes.folder, parentId: project.id, name: 'Not mine' };
    expect(await bob.post('/entity', body)).toEqual(
      refusal(403, 'You lack CREATE access to the requested entity.'),
    );
    expect(await anonymous.post('/entity', body)).toEqual(
      refusal(403, 'Anonymous users have only READ access permission.'),
    );
    const own = await carol.create('project', { name: 'Uncertified' });
    expect(await carol.post('/entity', { ...body, parentId: own.id })).toEqual(
      refusal(403, 'Only certified users may create or update content in Synapse.'),
    );
  });

  test('names are unique in a parent where case counts', async () => {
    const { alice } = server;
    const body = { concreteType: classes.folder, parentId: project.id, name: 'Once' };
    await alice.create('folder', body);
    expect(await alice.post('/entity', body)).toEqual(
      refusal(409, `An entity with the name: Once already exists with a parentId: ${project.id}`),
    );
    await alice.create('folder', { ...body, name: 'once' });
    const other = await alice.create('folder', { parentId: project.id, name: 'Other' });
    await alice.create('folder', { ...body, parentId: other.id });
    expect(
      await alice.post('/entity', { concreteType: classes.project, name: 'Entities' }),
    ).toMatchObject({ status: 409 });
  });
});

describe('reading', () => {
  test('an unknown or malformed id', async () => {
    const { alice } = server;
    expect(await alice.get('/entity/syn123')).toEqual(
      refusal(404, "Resource: 'syn123' does not exist"),
    );
    expect(await alice.get('/entity/abc')).toEqual(refusal(400, 'abc is not a valid Synapse ID.'));
    expect(await alice.get('/entity/syn99999999999999999999')).toMatchObject({ status: 400 });
  });

  test('needs READ', async () => {
    expect(await server.bob.get(`/entity/${project.id}`)).toEqual(
      refusal(403, 'You lack READ access to the requested entity.'),
    );
    expect(await server.anonymous.get(`/entity/${project.id}`)).toMatchObject({ status: 403 });
    expect(await server.admin.get(`/entity/${project.id}`)).toMatchObject({ status: 200 });
  });

  test('needs the scope of a token', async () => {
    const alice = server.session(server.synapse.users.alice.authToken);
    const made = await alice.post('/auth/v1/personalAccessToken', { name: 'x', scope: ['view'] });
    // The default token may not make tokens; the session of a login may.
    expect(made.status).toBe(403);
    const login = await server.anonymous.post('/auth/v1/login2', {
      username: 'alice',
      password: 'alice-password',
    });
    expect(login.status).toBe(201);
    const { accessToken } = login.body as { accessToken: string };
    const pat = await server.session(accessToken).post('/auth/v1/personalAccessToken', {
      name: 'viewer',
      scope: ['view'],
    });
    const viewer = server.session((pat.body as { token: string }).token);
    expect(await viewer.get(`/entity/${project.id}`)).toMatchObject({ status: 200 });
    const answers = [
      await viewer.post('/entity', { concreteType: classes.folder, parentId: project.id }),
      await viewer.put(`/entity/${project.id}`, project),
      await viewer.delete(`/entity/${project.id}`),
      await viewer.put(`/trashcan/trash/${project.id}`),
      await viewer.put(`/entity/${project.id}/annotations2`, {}),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    }
    expect(await alice.read(project.id)).toEqual(project);
  });
});

describe('updating', () => {
  test('replaces all fields with a new etag', async () => {
    const { alice } = server;
    const folder = await alice.create('folder', {
      parentId: project.id,
      name: 'Before',
      description: 'Something',
    });
    const renamed = await alice.update(folder, { name: 'After', description: undefined });
    expect(renamed).toMatchObject({ id: folder.id, name: 'After', createdOn: folder.createdOn });
    expect(renamed).not.toHaveProperty('description');
    expect(renamed.etag).not.toBe(folder.etag);
    expect(await alice.read(folder.id)).toEqual(renamed);
    const nameless = await alice.update(renamed, { name: undefined });
    expect(nameless.name).toBe(folder.id);
  });

  test('a refused change changes nothing', async () => {
    const { alice } = server;
    const taken = await alice.create('folder', { parentId: project.id, name: 'Taken' });
    const folder = await alice.create('folder', { parentId: project.id, name: 'Kept' });
    const cases: [object, number, unknown][] = [
      [
        { etag: '00000000-0000-0000-0000-000000000000' },
        412,
        `Object: ${folder.id} was updated since you last fetched it, retrieve it again and re-apply the update`,
      ],
      [{ etag: undefined }, 400, expect.stringContaining('etag')],
      [{ id: undefined }, 400, expect.stringContaining('id')],
      [{ parentId: undefined }, 400, expect.stringContaining('parentId')],
      [{ name: taken.name }, 409, expect.stringContaining('An entity with the name: Taken')],
      [{ name: 'a:b' }, 400, expect.stringContaining("Invalid Name: 'a:b'")],
      [{ concreteType: classes.link }, 400, expect.stringContaining('cannot be changed')],
      [{ parentId: 'syn999' }, 404, "Resource: 'syn999' does not exist"],
      [
        { parentId: folder.id },
        400,
        'Invalid hierarchy: an entity cannot be an ancestor of itself',
      ],
      [{ parentId: 'syn4489' }, 400, expect.stringContaining('cannot have a parent of type: null')],
      [{ name: ['x'] }, 400, expect.any(String)],
    ];
    for (const [change, status, reason] of cases) {
      expect(await alice.put(`/entity/${folder.id}`, { ...folder, ...change })).toEqual(
        refusal(status, reason),
      );
    }
    expect(await server.bob.put(`/entity/${folder.id}`, folder)).toEqual(
      refusal(403, 'You lack UPDATE access to the requested entity.'),
    );
    expect(await alice.read(folder.id)).toEqual(folder);
  });

  test('the id of the body counts', async () => {
    const { alice } = server;
    const folder = await alice.create('folder', { parentId: project.id, name: 'Body id' });
    const answer = await alice.put(`/entity/${project.id}`, { ...folder, name: 'Body id counts' });
    expect(answer).toMatchObject({ status: 200, body: { id: folder.id, name: 'Body id counts' } });
  });

  test('a project may be changed by its uncertified owner', async () => {
    const own = await server.carol.create('project', { name: 'Owned by Carol' });
    expect(await server.carol.update(own, { name: 'Still hers' })).toMatchObject({
      name: 'Still hers',
    });
  });

  test('the folders of the service itself stay as they are', async () => {
    const { admin, alice } = server;
    const root = await admin.read('syn4489');
    expect(root).toMatchObject({ name: 'root', concreteType: classes.folder });
    expect(root).not.toHaveProperty('parentId');
    expect(await alice.get('/entity/syn4489')).toMatchObject({ status: 403 });
    for (const answer of [
      await admin.put('/entity/syn4489', { ...root, name: 'x', parentId: project.id }),
      await admin.delete('/entity/syn4489'),
      await admin.delete('/entity/syn1681355?skipTrashCan=true'),
      await admin.put('/entity/syn4489/acl', { id: 'syn4489', resourceAccess: [] }),
      await admin.put('/entity/syn4489/datatype?type=OPEN_DATA'),
      await admin.put('/entity/syn4489/annotations2', { id: 'syn4489', etag: root.etag }),
    ]) {
      expect(answer.status).toBe(400);
    }
  });
});

describe('moving', () => {
  test('needs CREATE on the new parent with CHANGE_PERMISSIONS on the entity', async () => {
    const { alice, bob } = server;
    const bobs = await bob.create('project', { name: 'Bobs' });
    const source = await alice.create('project', { name: 'Source' });
    const folder = await alice.create('folder', { parentId: source.id, name: 'Moving' });
    expect(await alice.put(`/entity/${folder.id}`, { ...folder, parentId: bobs.id })).toEqual(
      refusal(
        403,
        `You cannot move content into the new location, ${bobs.id}. You lack CREATE access to the requested entity.`,
      ),
    );
    const acl = (await alice.get(`/entity/${source.id}/acl`)).body as {
      resourceAccess: object[];
    };
    const shared = await alice.put(`/entity/${source.id}/acl`, {
      ...acl,
      resourceAccess: [
        ...acl.resourceAccess,
        { principalId: server.userId('bob'), accessType: ['READ', 'UPDATE', 'DELETE'] },
      ],
    });
    expect(shared.status).toBe(200);
    expect(await bob.put(`/entity/${folder.id}`, { ...folder, parentId: bobs.id })).toEqual(
      refusal(403, 'You lack CHANGE_PERMISSIONS access to the requested entity.'),
    );
    const target = await alice.create('folder', { parentId: source.id, name: 'Target' });
    const moved = await alice.update(folder, { parentId: target.id });
    expect(moved.parentId).toBe(target.id);
    expect(
      await alice.post('/entity/child', { parentId: target.id, entityName: 'Moving' }),
    ).toMatchObject({ body: { id: folder.id } });
    expect(await alice.put(`/entity/${target.id}`, { ...target, parentId: folder.id })).toEqual(
      refusal(400, 'Invalid hierarchy: an entity cannot be an ancestor of itself'),
    );
  });

  test('a name that is taken in the new parent', async () => {
    const { alice } = server;
    const target = await alice.create('folder', { parentId: project.id, name: 'Full' });
    await alice.create('folder', { parentId: target.id, name: 'Same' });
    const folder = await alice.create('folder', { parentId: project.id, name: 'Same' });
    expect(
      await alice.put(`/entity/${folder.id}`, { ...folder, parentId: target.id }),
    ).toMatchObject({
      status: 409,
    });
  });
});

describe('aliases', () => {
  test('are unique whatever the case', async () => {
    const { alice, bob, anonymous } = server;
    const first = await alice.create('project', { name: 'Aliased', alias: 'My_Alias' });
    expect(first).toMatchObject({ alias: 'My_Alias' });
    expect(await anonymous.get('/entity/alias/my_alias')).toMatchObject({
      status: 200,
      body: { id: first.id },
    });
    expect(await alice.get('/entity/alias/nobody')).toMatchObject({ status: 404 });
    expect(
      await alice.post('/entity', { concreteType: classes.project, name: 'B', alias: 'MY_ALIAS' }),
    ).toEqual(
      refusal(
        409,
        'The friendly url name (alias): MY_ALIAS is already taken.  Please select another.',
      ),
    );
    expect(
      await alice.post('/entity', { concreteType: classes.project, name: 'C', alias: 'a-b' }),
    ).toMatchObject({ status: 400 });
    const acl = (await alice.get(`/entity/${first.id}/acl`)).body as { resourceAccess: object[] };
    await alice.put(`/entity/${first.id}/acl`, {
      ...acl,
      resourceAccess: [
        ...acl.resourceAccess,
        { principalId: server.userId('bob'), accessType: ['READ', 'UPDATE'] },
      ],
    });
    const current = await bob.read(first.id);
    expect(await bob.put(`/entity/${first.id}`, { ...current, alias: 'Other' })).toEqual(
      refusal(403, 'You lack CHANGE_SETTINGS access to the requested entity.'),
    );
    const kept = await bob.update(current, { description: 'by Bob' });
    const cleared = await alice.update(kept, { alias: undefined });
    expect(cleared).not.toHaveProperty('alias');
    expect(await alice.get('/entity/alias/my_alias')).toMatchObject({ status: 404 });
  });
});

describe('types', () => {
  const definition = async (): Promise<object> => {
    const column = await server.alice.post('/column', { name: 'a', columnType: 'INTEGER' });
    const columnIds = [(column.body as { id: string }).id];
    const name = `Source ${randomUUID()}`;
    const source = await server.alice.create('table', {
      parentId: project.id,
      name,
      columnIds,
    });
    return { definingSQL: `select * from ${source.id}` };
  };

  const fields: Record<string, () => Promise<object>> = {
    folder: () => Promise.resolve({ description: 'd' }),
    link: () =>
      Promise.resolve({ linksTo: { targetId: project.id }, linksToClassName: classes.project }),
    table: () => Promise.resolve({ isSearchEnabled: true }),
    entityview: () => Promise.resolve({ viewTypeMask: 1, scopeIds: [project.id.slice(3)] }),
    submissionview: () => Promise.resolve({ scopeIds: ['9600000'] }),
    dataset: () => Promise.resolve({ items: [] }),
    datasetcollection: () => Promise.resolve({ items: [] }),
    materializedview: definition,
    virtualtable: definition,
    dockerrepo: () => Promise.resolve({ repositoryName: 'quay.io/a/b' }),
    file: async () => ({ dataFileHandleId: await server.alice.createHandle(md5s.a) }),
    recordset: async () => ({
      dataFileHandleId: await server.alice.createHandle(md5s.a),
      upsertKey: ['id'],
      csvDescriptor: { separator: ',', isFirstLineHeader: true },
    }),
  };

  test.each(Object.keys(fields))('%s keeps its fields', async (name) => {
    const { alice } = server;
    const type = name as keyof typeof classes;
    const given = await fields[name]?.();
    const made = await alice.create(type, { parentId: project.id, name: `A ${name}`, ...given });
    expect(made).toMatchObject({ ...given, concreteType: classes[type] });
    const isVersionable = !['folder', 'link', 'dockerrepo'].includes(name);
    expect('versionNumber' in made).toBe(isVersionable);
    const updated = await alice.update(made, { description: 'changed' });
    expect(updated).toMatchObject({ ...given, description: 'changed' });
    expect(await alice.read(made.id)).toEqual(updated);
    expect(await alice.get(`/entity/${made.id}/type`)).toMatchObject({
      body: {
        id: made.id,
        name: `A ${name}`,
        type: classes[type],
        versionNumber: 1,
        isLatestVersion: true,
        benefactorId: Number(project.id.slice(3)),
      },
    });
  });

  test.each([
    ['file', {}, 'FileEntity.dataFileHandleId cannot be null'],
    ['recordset', { upsertKey: ['id'] }, 'RecordSet.dataFileHandleId cannot be null'],
    ['recordset', { upsertKey: [] }, 'The upsertKey is required and must not be empty.'],
    [
      'recordset',
      { upsertKey: ['id'], csvDescriptor: { separator: ',' } },
      'The csvDescriptor.isFirstLineHeader must be true.',
    ],
    ['entityview', {}, expect.stringContaining('viewTypeMask')],
    ['entityview', { viewTypeMask: 1, scopeIds: ['x'] }, 'x is not a valid Synapse ID.'],
    ['link', { linksTo: {} }, 'Link.linksTo.targetId cannot be null'],
    ['link', { linksTo: { targetId: 'x' } }, 'x is not a valid Synapse ID.'],
    [
      'dockerrepo',
      { repositoryName: 'docker.synapse.org/syn1/a' },
      'Cannot create or update a managed Docker repository.',
    ],
    ['dockerrepo', {}, expect.stringContaining('required')],
    ['materializedview', { definingSQL: ' ' }, expect.stringContaining('definingSQL')],
    [
      'dataset',
      { items: [{ versionNumber: 1 }] },
      'Each dataset item must have a non-null entity ID.',
    ],
    [
      'dataset',
      { items: [{ entityId: 'syn1' }] },
      'Each dataset item must have a non-null version number',
    ],
    [
      'dataset',
      {
        items: [
          { entityId: 'syn1', versionNumber: 1 },
          { entityId: '1', versionNumber: 2 },
        ],
      },
      'Each dataset item must have a unique entity ID.  Duplicate: 1',
    ],
  ])('a %s is refused: %j', async (type, given, reason) => {
    const body = {
      concreteType: classes[type as keyof typeof classes],
      parentId: project.id,
      name: 'Refused type',
      ...given,
    };
    expect(await server.alice.post('/entity', body)).toEqual(refusal(400, reason));
  });

  test('a repository goes directly into a project', async () => {
    const { alice } = server;
    const folder = await alice.create('folder', { parentId: project.id, name: 'No docker' });
    const body = {
      concreteType: classes.dockerrepo,
      parentId: folder.id,
      repositoryName: 'quay.io/x/y',
    };
    expect(await alice.post('/entity', body)).toMatchObject({ status: 400 });
    expect(await alice.get('/entity/dockerRepo/id?repositoryName=quay.io%2Fa%2Fb')).toMatchObject({
      status: 404,
    });
  });

  test('a dataset takes nothing but files', async () => {
    const { alice } = server;
    const parentId = project.id;
    const handle = (md5: string, contentSize: number) => alice.createHandle(md5, { contentSize });
    const one = await alice.create('file', {
      parentId,
      name: 'd1',
      dataFileHandleId: await handle(md5s.b, 20),
    });
    const two = await alice.create('file', {
      parentId,
      name: 'd2',
      dataFileHandleId: await handle(md5s.a, 3),
    });
    const items = [one, two].map(({ id }) => ({ entityId: id, versionNumber: 1 }));
    const dataset = await alice.create('dataset', { parentId, name: 'Summed', items, size: 5 });
    expect(dataset).toMatchObject({
      items,
      size: 23,
      count: 2,
      // MD5 of the sorted MD5s of the files, one after the other.
      checksum: '3bc22fb7aaebe9c8c5d7de312b876bb8',
    });
    const table = await alice.create('table', { parentId, name: 'No item' });
    const wrong = { ...dataset, items: [{ entityId: table.id, versionNumber: 1 }] };
    expect(await alice.put(`/entity/${dataset.id}`, wrong)).toEqual(
      refusal(
        400,
        `Currently, only files can be included in a dataset. ${table.id} is '${classes.table}'`,
      ),
    );
    const collection = await alice.create('datasetcollection', {
      parentId,
      name: 'Collected',
      items: [{ entityId: dataset.id, versionNumber: 1 }],
    });
    expect(collection).toMatchObject({ items: [{ entityId: dataset.id, versionNumber: 1 }] });
    const mixed = { ...collection, items: [{ entityId: one.id, versionNumber: 1 }] };
    expect(await alice.put(`/entity/${collection.id}`, mixed)).toMatchObject({ status: 400 });
  });

  test('a file needs a handle of the caller', async () => {
    const { alice, bob } = server;
    const bobs = await bob.createHandle(md5s.c);
    const body = { concreteType: classes.file, parentId: project.id, name: 'Not my bytes' };
    expect(await alice.post('/entity', { ...body, dataFileHandleId: bobs })).toMatchObject({
      status: 403,
      body: { reason: expect.stringContaining('Only the creator of a FileHandle') },
    });
    expect(await alice.post('/entity', { ...body, dataFileHandleId: '424242' })).toMatchObject({
      status: 404,
    });
    const own = await alice.createHandle(md5s.a);
    expect(
      await alice.post('/entity', { ...body, dataFileHandleId: own, fileNameOverride: 'x.txt' }),
    ).toEqual(refusal(400, 'fileNameOverride field is deprecated and should not be set.'));
    expect(await alice.post('/entity', { ...body, dataFileHandleId: own })).toMatchObject({
      status: 201,
    });
    expect(await alice.delete(`/file/v1/fileHandle/${own}`)).toMatchObject({ status: 409 });
  });
});

describe('whatever is sent', () => {
  const writes: readonly (readonly ['post' | 'put', string])[] = [
    ['post', '/entity'],
    ['post', '/entity/child'],
    ['post', '/entity/children'],
    ['post', '/entity/header'],
    ['post', '/entity/bundle2/create'],
    ['post', '/activity'],
    ['post', '/entity/ID/bundle2'],
    ['post', '/entity/ID/acl'],
    ['put', '/entity/ID'],
    ['put', '/entity/ID/acl'],
    ['put', '/entity/ID/annotations2'],
    ['put', '/entity/ID/annotations'],
    ['put', '/entity/ID/json'],
    ['put', '/entity/ID/bundle2'],
    ['put', '/entity/ID/version'],
    ['put', '/entity/ID/version/1/filehandle'],
    ['put', '/activity/1'],
  ];
  /** Names that the models know, so that the values reach the checks behind the schema. */
  const key = fc.constantFrom(
    'id',
    'etag',
    'name',
    'parentId',
    'concreteType',
    'annotations',
    'resourceAccess',
    'entity',
    'used',
    'references',
    'includeTypes',
    'versionLabel',
    'linksTo',
    'items',
    '__proto__',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...Object.values(classes), 'syn1', 'syn4489', 'syn1681355', ''),
    fc.dictionary(key, fc.jsonValue({ maxDepth: 1 })),
  );

  test('the answer is never a failure of the server', async () => {
    const { alice, bob } = server;
    const target = await alice.create('folder', { parentId: project.id, name: 'Fuzzed' });
    const before = await alice.read(project.id);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...writes),
        fc.oneof(fc.dictionary(key, value), fc.jsonValue()),
        fc.constantFrom(target.id, 'syn4489', 'syn1681355', 'syn7', 'x', '%00', '..%2f'),
        async ([method, path], body, id) => {
          for (const session of [alice, bob]) {
            const answer = await session[method](path.replace('ID', id), body);
            expect(answer.status).toBeLessThan(500);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(await alice.read(project.id)).toEqual(before);
  });
});
