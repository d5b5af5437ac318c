import { gunzipSync, gzipSync } from 'node:zlib';

import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session, type Stored } from './entitySession.js';
import { bytesOf, storage, uploadFile } from './filesClient.js';

const server = withSessions();
let project: Stored;
let count = 0;

type Page = Required<Pick<M.V2WikiPage, 'attachmentFileHandleIds' | 'etag' | 'id'>> & M.V2WikiPage;

beforeAll(async () => {
  project = await newProject();
});

async function newProject(): Promise<Stored> {
  count += 1;
  return server.alice.create('project', { name: `Wiki ${count}` });
}

/** A handle whose URL tells which it is. */
function handle(name: string, session: Session = server.alice): Promise<string> {
  return session.createHandle(md5s.a, {
    fileName: name,
    externalURL: `https://files.example.org/${name}`,
  });
}

async function createPage(
  owner: Stored,
  fields: M.V2WikiPage = {},
  session: Session = server.alice,
): Promise<Page> {
  const markdownFileHandleId = await handle('markdown.md', session);
  const answer = await session.post(`/entity/${owner.id}/wiki2`, {
    title: 'Page',
    markdownFileHandleId,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Page;
}

async function share(id: string, user: 'bob' | 'carol', accessType: string[]): Promise<void> {
  const { body } = await server.alice.get(`/entity/${id}/acl`);
  const acl = body as Required<M.AccessControlList>;
  const resourceAccess = [
    ...acl.resourceAccess.filter(({ principalId }) => principalId !== server.userId(user)),
    ...(accessType.length > 0 ? [{ principalId: server.userId(user), accessType }] : []),
  ];
  expect(await server.alice.put(`/entity/${id}/acl`, { ...acl, resourceAccess })).toMatchObject({
    status: 200,
  });
}

describe('a wiki page', () => {
  test('is managed by the editors of its owner', async () => {
    const { alice } = server;
    const owner = await newProject();
    const aliceId = String(server.userId('alice'));
    const wiki = `/entity/${owner.id}/wiki2`;
    expect(await alice.get(wiki)).toMatchObject({ status: 404 });
    const markdownFileHandleId = await handle('root.md');
    const root = await createPage(owner, { title: 'Root', markdownFileHandleId });
    expect(root).toEqual({
      id: expect.stringMatching(/^\d+$/),
      etag: expect.any(String),
      title: 'Root',
      markdownFileHandleId,
      attachmentFileHandleIds: [],
      createdBy: aliceId,
      modifiedBy: aliceId,
      createdOn: expect.any(String),
      modifiedOn: root.createdOn,
    });
    expect((await alice.get(wiki)).body).toEqual(root);
    expect((await alice.get(`${wiki}/${root.id}`)).body).toEqual(root);
    const child = await createPage(owner, { parentWikiId: root.id });
    await createPage(owner, { parentWikiId: child.id });
    const changed = await alice.put(`${wiki}/${root.id}`, { ...root, title: 'New' });
    expect(changed).toMatchObject({
      status: 200,
      body: { title: 'New', createdOn: root.createdOn },
    });
    expect((changed.body as Page).etag).not.toBe(root.etag);
    expect(await alice.delete(`${wiki}/${child.id}`)).toMatchObject({ status: 200, body: '' });
    expect(await alice.delete(`${wiki}/${child.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${owner.id}/wikiheadertree2`)).toMatchObject({
      body: { results: [{ id: root.id, title: 'New' }], totalNumberOfResults: 1 },
    });
    expect(await alice.delete(`${wiki}/${root.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(wiki)).toMatchObject({ status: 404 });
    expect(await alice.get(`/entity/${owner.id}/wikiheadertree2`)).toMatchObject({ status: 404 });
  });

  test('is the only root of its owner', async () => {
    const { alice } = server;
    const owner = await newProject();
    const bundle = () => alice.post(`/entity/${owner.id}/bundle2`, { includeRootWikiId: true });
    expect((await bundle()).body).toEqual({});
    const root = await createPage(owner);
    expect((await bundle()).body).toEqual({ rootWikiId: root.id });
    const second = { markdownFileHandleId: root.markdownFileHandleId };
    expect(await alice.post(`/entity/${owner.id}/wiki2`, second)).toMatchObject({ status: 409 });
    expect(await alice.get(`/entity/${owner.id}/wikikey`)).toMatchObject({
      status: 200,
      body: { wikiPageId: root.id, ownerObjectId: owner.id, ownerObjectType: 'ENTITY' },
    });
    expect(await alice.get(`/entity/${project.id}/wikikey`)).toMatchObject({ status: 404 });
  });

  test('follows the permissions of its owner', async () => {
    const { bob } = server;
    const owner = await newProject();
    const root = await createPage(owner);
    const wiki = `/entity/${owner.id}/wiki2`;
    const page = `${wiki}/${root.id}`;
    const body = { parentWikiId: root.id, markdownFileHandleId: await handle('bob.md', bob) };
    const reads = [wiki, page, `${page}/wikihistory?offset=0&limit=5`, `${page}/markdown`];
    const all = [...reads, `${page}/attachmenthandles`, `/entity/${owner.id}/wikiheadertree2`];
    for (const path of all) {
      expect(await bob.get(path)).toMatchObject({ status: 403 });
    }
    await share(owner.id, 'bob', ['READ']);
    for (const path of all) {
      expect([200, 307]).toContain((await bob.get(path)).status);
    }
    expect(await bob.post(wiki, body)).toMatchObject({ status: 403 });
    expect(await bob.put(page, { ...root, title: 'by Bob' })).toMatchObject({ status: 403 });
    expect(await bob.put(`${page}/0`)).toMatchObject({ status: 403 });
    expect(await bob.delete(page)).toMatchObject({ status: 403 });
    expect(await bob.put(`/entity/${owner.id}/wiki2orderhint`, {})).toMatchObject({ status: 403 });
    await share(owner.id, 'bob', ['READ', 'CREATE', 'UPDATE', 'DELETE']);
    expect(await bob.post(wiki, body)).toMatchObject({ status: 201 });
    expect(await bob.put(page, { ...root, title: 'by Bob' })).toMatchObject({
      status: 200,
      body: { modifiedBy: String(server.userId('bob')) },
    });
    expect(await bob.delete(page)).toMatchObject({ status: 200 });
  });

  test('of a project may be written without being certified', async () => {
    const { carol } = server;
    const owner = await carol.create('project', { name: 'Carol’s'.replace('’', "'") });
    const root = await createPage(owner, {}, carol);
    expect(
      await carol.put(`/entity/${owner.id}/wiki2/${root.id}`, { ...root, title: 'x' }),
    ).toMatchObject({ status: 200 });
    const folder = await server.alice.create('folder', { name: 'f', parentId: project.id });
    await share(project.id, 'carol', ['READ', 'CREATE', 'UPDATE']);
    const body = { markdownFileHandleId: await handle('c.md', carol) };
    expect(await carol.post(`/entity/${folder.id}/wiki2`, body)).toMatchObject({ status: 403 });
  });

  test('is refused when it does not fit its tree', async () => {
    const { alice } = server;
    const owner = await newProject();
    const root = await createPage(owner);
    const child = await createPage(owner, { parentWikiId: root.id });
    const grandchild = await createPage(owner, { parentWikiId: child.id });
    const path = (id: string) => `/entity/${owner.id}/wiki2/${id}`;
    expect(await alice.put(path(root.id), { ...root, etag: 'stale' })).toEqual(
      refusal(
        412,
        `ObjectId: ${owner.id} was updated since you last fetched it, retrieve it again and reapply the update`,
      ),
    );
    for (const change of [
      { etag: null },
      { id: child.id },
      { parentWikiId: child.id },
      { title: 'x'.repeat(257) },
      { markdownFileHandleId: null },
    ]) {
      expect(await alice.put(path(root.id), { ...root, ...change })).toMatchObject({ status: 400 });
    }
    for (const parentWikiId of [grandchild.id, child.id, null]) {
      expect(await alice.put(path(child.id), { ...child, parentWikiId })).toMatchObject({
        status: 400,
      });
    }
    expect(await alice.put(path(child.id), { ...child, parentWikiId: '999999' })).toMatchObject({
      status: 404,
    });
    expect(await alice.put(path('999999'), { ...child, id: '999999' })).toMatchObject({
      status: 404,
    });
    expect(await alice.get(`/entity/${project.id}/wiki2/${root.id}`)).toMatchObject({
      status: 404,
    });
    expect(await alice.get(path(root.id))).toMatchObject({ body: root });
    expect(await alice.get(path(child.id))).toMatchObject({ body: child });
    const moved = await alice.put(path(grandchild.id), { ...grandchild, parentWikiId: root.id });
    expect(moved).toMatchObject({ status: 200, body: { parentWikiId: root.id } });
  });

  test.each<[unknown, number]>([
    [{}, 400],
    [{ markdownFileHandleId: '999999' }, 404],
    [{ title: 5 }, 400],
    [{ attachmentFileHandleIds: 'x' }, 400],
    ['{', 400],
  ])('is not made from %j', async (body, status) => {
    const owner = await newProject();
    const { alice } = server;
    expect(await alice.post(`/entity/${owner.id}/wiki2`, body)).toEqual(
      refusal(status, expect.any(String)),
    );
    expect(await alice.get(`/entity/${owner.id}/wiki2`)).toMatchObject({ status: 404 });
  });

  test('needs an owner that exists', async () => {
    const { alice } = server;
    const markdownFileHandleId = await handle('x.md');
    for (const [path, status] of [
      ['/entity/syn999999/wiki2', 404],
      ['/entity/banana/wiki2', 400],
      ['/evaluation/999999/wiki2', 404],
      ['/access_requirement/999999/wiki2', 404],
    ] as const) {
      expect(await alice.post(path, { markdownFileHandleId })).toMatchObject({ status });
      expect(await alice.get(path)).toMatchObject({ status });
    }
  });

  test('of an access requirement is written by the committee alone', async () => {
    const { admin, alice, anonymous } = server;
    const owner = await newProject();
    const requirement = await admin.post('/accessRequirement', {
      concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
      accessType: 'DOWNLOAD',
      subjectIds: [{ id: owner.id, type: 'ENTITY' }],
      termsOfUse: 'be kind',
    });
    expect(requirement).toMatchObject({ status: 201 });
    const { id } = requirement.body as { id: number };
    const path = `/access_requirement/${id}/wiki2`;
    const body = { title: 'Terms', markdownFileHandleId: await handle('terms.md') };
    expect(await alice.post(path, body)).toMatchObject({ status: 403 });
    const made = await admin.post(path, {
      ...body,
      markdownFileHandleId: await handle('terms.md', admin),
    });
    expect(made).toMatchObject({ status: 201 });
    expect(await anonymous.get(path)).toMatchObject({ status: 200, body: { title: 'Terms' } });
    expect(await alice.get(`/access_requirement/${id}/wikikey`)).toMatchObject({
      body: { ownerObjectId: String(id), ownerObjectType: 'ACCESS_REQUIREMENT' },
    });
    const page = `${path}/${(made.body as Page).id}`;
    expect(await alice.put(page, made.body)).toMatchObject({ status: 403 });
    expect(await alice.delete(page)).toMatchObject({ status: 403 });
    expect(await admin.put(page, made.body)).toMatchObject({ status: 200 });
  });

  test('is gone with its owner', async () => {
    const { alice } = server;
    const owner = await newProject();
    const root = await createPage(owner);
    const id = root.markdownFileHandleId ?? '';
    expect(await alice.delete(`/file/v1/fileHandle/${id}`)).toMatchObject({ status: 409 });
    await alice.delete(`/entity/${owner.id}`);
    expect(await alice.get(`/entity/${owner.id}/wiki2`)).toMatchObject({ status: 404 });
    await alice.put(`/trashcan/purge/${owner.id}`);
    expect(await alice.delete(`/file/v1/fileHandle/${id}`)).toMatchObject({ status: 200 });
  });
});

describe('the history of a page', () => {
  test('keeps versions that can be restored', async () => {
    const { alice } = server;
    const owner = await newProject();
    const first = await createPage(owner, {
      title: 'First',
      attachmentFileHandleIds: [await handle('a')],
    });
    const path = `/entity/${owner.id}/wiki2/${first.id}`;
    const markdownFileHandleId = await handle('second.md');
    const second = await alice.put(path, {
      ...first,
      title: 'Second',
      markdownFileHandleId,
      attachmentFileHandleIds: [],
    });
    expect(second.status).toBe(200);
    expect(await alice.get(`${path}/wikihistory?offset=0&limit=10`)).toMatchObject({
      status: 200,
      body: { results: [{ version: '1' }, { version: '0', modifiedBy: first.modifiedBy }] },
    });
    expect(await alice.get(`${path}/wikihistory?offset=1&limit=1`)).toMatchObject({
      body: { results: [{ version: '0' }], totalNumberOfResults: 3 },
    });
    expect(await alice.get(`${path}?wikiVersion=0`)).toMatchObject({
      body: { ...first, etag: (second.body as Page).etag },
    });
    expect(await alice.get(`${path}?wikiVersion=2`)).toMatchObject({ status: 404 });
    expect(await alice.get(`${path}?wikiVersion=x`)).toMatchObject({ status: 400 });
    expect(await alice.get(`${path}/markdown?redirect=false&wikiVersion=1`)).toMatchObject({
      body: 'https://files.example.org/second.md',
    });
    const restored = await alice.put(`${path}/0`);
    expect(restored).toMatchObject({
      status: 200,
      body: { title: 'First', markdownFileHandleId: first.markdownFileHandleId },
    });
    expect(await alice.get(`${path}/wikihistory?offset=0&limit=10`)).toMatchObject({
      body: { results: [{ version: '2' }, { version: '1' }, { version: '0' }] },
    });
    expect(await alice.put(`${path}/9`)).toMatchObject({ status: 404 });
    expect(await alice.get(`${path}/wikihistory`)).toMatchObject({ status: 400 });
  });

  test('keeps a hundred versions', async () => {
    const { alice } = server;
    const owner = await newProject();
    const page = await createPage(owner);
    const path = `/entity/${owner.id}/wiki2/${page.id}`;
    for (let version = 1; version <= 101; version += 1) {
      await alice.put(`${path}/${version - 1}`);
    }
    const { body } = await alice.get(`${path}/wikihistory?offset=0&limit=100`);
    const versions = (body as M.PaginatedResultsOfV2WikiHistorySnapshot).results;
    expect([versions.length, versions[0]?.version, versions[99]?.version]).toEqual([
      100,
      '101',
      '2',
    ]);
  });
});

describe('the tree of an owner', () => {
  test('lists pages after their parents', async () => {
    const { alice } = server;
    const owner = await newProject();
    const root = await createPage(owner, { title: 'Root' });
    const a = await createPage(owner, { title: 'A', parentWikiId: root.id });
    const b = await createPage(owner, { title: 'B', parentWikiId: root.id });
    const c = await createPage(owner, { title: 'C', parentWikiId: a.id });
    const tree = [
      { id: root.id, title: 'Root' },
      { id: a.id, title: 'A', parentId: root.id },
      { id: b.id, title: 'B', parentId: root.id },
      { id: c.id, title: 'C', parentId: a.id },
    ];
    const path = `/entity/${owner.id}/wikiheadertree`;
    for (const suffix of ['', '2']) {
      expect((await alice.get(`${path}${suffix}`)).body).toEqual({
        results: tree,
        totalNumberOfResults: 4,
      });
      expect((await alice.get(`${path}${suffix}?offset=1&limit=2`)).body).toEqual({
        results: tree.slice(1, 3),
        totalNumberOfResults: 4,
      });
      for (const query of ['limit=-1', 'limit=51', 'offset=-1', 'limit=x']) {
        expect(await alice.get(`${path}${suffix}?${query}`)).toMatchObject({ status: 400 });
      }
    }
  });

  test('has a hint at its order', async () => {
    const { alice } = server;
    const owner = await newProject();
    const path = `/entity/${owner.id}/wiki2orderhint`;
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    const root = await createPage(owner);
    const { body } = await alice.get(path);
    expect(body).toEqual({
      ownerId: owner.id,
      ownerObjectType: 'ENTITY',
      etag: expect.any(String),
    });
    const wanted = { ...(body as M.V2WikiOrderHint), idList: [root.id, '2'] };
    const changed = await alice.put(path, wanted);
    expect(changed).toMatchObject({ status: 200, body: { idList: [root.id, '2'] } });
    expect(await alice.put(path, wanted)).toMatchObject({ status: 412 });
    expect(await alice.put(path, { ...wanted, ownerId: project.id })).toMatchObject({
      status: 400,
    });
    expect(await alice.get(path)).toMatchObject({ body: changed.body as object });
  });
});

describe('files of a page', () => {
  test('are reached through the page by name', async () => {
    const { alice, bob } = server;
    const owner = await newProject();
    const old = await handle('plot.png');
    const fresh = await alice.createHandle(md5s.b, {
      fileName: 'plot.png',
      externalURL: 'https://files.example.org/newer',
    });
    const other = await handle('data_1.csv');
    const page = await createPage(owner, { attachmentFileHandleIds: [fresh, old, other] });
    expect(page.attachmentFileHandleIds).toEqual([fresh, other]);
    const path = `/entity/${owner.id}/wiki2/${page.id}`;
    expect(await alice.get(`${path}/attachmenthandles`)).toMatchObject({
      status: 200,
      body: { list: [{ id: fresh }, { id: other }] },
    });
    const url = await alice.get(`${path}/attachment?fileName=plot.png&redirect=false`);
    expect(url).toMatchObject({ status: 200, body: 'https://files.example.org/newer' });
    expect(url.headers.get('content-type')).toMatch(/^text\/plain/);
    const redirected = await alice.get(`${path}/attachment?fileName=data%5F1%2Ecsv`);
    expect([redirected.status, redirected.headers.get('location')]).toEqual([
      307,
      'https://files.example.org/data_1.csv',
    ]);
    expect(await alice.get(`${path}/attachment?fileName=none.txt`)).toMatchObject({ status: 404 });
    expect(await alice.get(`${path}/attachment`)).toMatchObject({ status: 400 });
    expect(await alice.get(`${path}/attachmentpreview?fileName=plot.png`)).toMatchObject({
      status: 404,
    });
    const associated = (type: string, id: string) =>
      bob.get(
        `/file/v1/file/${id}?redirect=false&fileAssociateType=${type}&fileAssociateId=${page.id}`,
      );
    expect(await associated('WikiAttachment', other)).toMatchObject({ status: 403 });
    await share(owner.id, 'bob', ['READ']);
    expect(await associated('WikiAttachment', other)).toMatchObject({ status: 200 });
    expect(await associated('WikiAttachment', old)).toMatchObject({ status: 403 });
    const markdown = page.markdownFileHandleId ?? '';
    expect(await associated('WikiAttachment', markdown)).toMatchObject({ status: 403 });
    expect(await associated('WikiMarkdown', markdown)).toMatchObject({ status: 200 });
  });

  test('are only added by their owner', async () => {
    const { alice, bob } = server;
    const owner = await newProject();
    const bobs = await handle('bobs.md', bob);
    const path = `/entity/${owner.id}/wiki2`;
    expect(await alice.post(path, { markdownFileHandleId: bobs })).toMatchObject({ status: 403 });
    const page = await createPage(owner);
    expect(
      await alice.put(`${path}/${page.id}`, { ...page, attachmentFileHandleIds: [bobs] }),
    ).toMatchObject({ status: 403 });
    await share(owner.id, 'bob', ['READ', 'UPDATE']);
    const changed = await bob.put(`${path}/${page.id}`, {
      ...page,
      attachmentFileHandleIds: [bobs],
    });
    expect(changed).toMatchObject({ status: 200, body: { attachmentFileHandleIds: [bobs] } });
    expect(
      await alice.put(`${path}/${page.id}`, { ...(changed.body as Page), title: 'kept' }),
    ).toMatchObject({ status: 200, body: { attachmentFileHandleIds: [bobs] } });
  });

  test('of one that was uploaded are served by the storage', async () => {
    const { alice } = server;
    const owner = await newProject();
    const content = gzipSync('# Results');
    const { id } = await uploadFile(alice, content, { fileName: 'wiki_markdown.md.gz' });
    const page = await createPage(owner, { markdownFileHandleId: id });
    const url = await alice.get(`/entity/${owner.id}/wiki2/${page.id}/markdown?redirect=false`);
    const stored = await storage(String(url.body));
    expect(gunzipSync(stored.body).toString()).toBe('# Results');
    expect(await alice.get(`/entity/${owner.id}/wiki/${page.id}`)).toMatchObject({
      status: 200,
      body: { markdown: '# Results' },
    });
  });
});

describe('the first API of wikis', () => {
  test('carries the markdown that the second finds compressed', async () => {
    const { alice, bob } = server;
    const owner = await newProject();
    const path = `/entity/${owner.id}/wiki`;
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    const attachmentFileHandleIds = [await handle('a.txt')];
    const made = await alice.post(path, { title: 'T', markdown: '# Ü', attachmentFileHandleIds });
    expect(made).toMatchObject({
      status: 201,
      body: { title: 'T', markdown: '# Ü', attachmentFileHandleIds },
    });
    expect(made.body).not.toHaveProperty('markdownFileHandleId');
    const page = made.body as Required<M.WikiPage>;
    expect((await alice.get(path)).body).toEqual(page);
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await bob.post(path, { markdown: 'x' })).toMatchObject({ status: 403 });
    expect(await alice.post(path, { markdown: 'second root' })).toMatchObject({ status: 409 });
    const changed = await alice.put(`${path}/${page.id}`, { ...page, markdown: 'next' });
    expect(changed).toMatchObject({ status: 200, body: { markdown: 'next' } });
    expect(await alice.put(`${path}/${page.id}`, page)).toMatchObject({ status: 412 });
    expect(await alice.get(`${path}/${page.id}?wikiVersion=0`)).toMatchObject({
      body: { markdown: '# Ü' },
    });
    const { body } = await alice.get(
      `/entity/${owner.id}/wiki2/${page.id}/markdown?redirect=false`,
    );
    expect(gunzipSync((await storage(String(body))).body).toString()).toBe('next');
    expect(await alice.get(`${path}/${page.id}/attachmenthandles`)).toMatchObject({
      body: { list: [{ fileName: 'a.txt' }] },
    });
    expect(
      await alice.get(`${path}/${page.id}/attachment?fileName=a.txt&redirect=false`),
    ).toMatchObject({ body: 'https://files.example.org/a.txt' });
    expect(await alice.get(`${path}/${page.id}/attachmentpreview?fileName=a.txt`)).toMatchObject({
      status: 404,
    });
    const empty = await alice.post(path, { parentWikiId: page.id });
    expect(empty).toMatchObject({ status: 201, body: { markdown: '', parentWikiId: page.id } });
    expect(await bob.delete(`${path}/${page.id}`)).toMatchObject({ status: 403 });
    expect(await alice.delete(`${path}/${page.id}`)).toMatchObject({ status: 200, body: '' });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('refuses a page whose text it cannot read', async () => {
    const { alice } = server;
    const broken = Buffer.concat([gzipSync('x').subarray(0, 10), bytesOf(40)]);
    const owner = await newProject();
    const { id } = await uploadFile(alice, broken, { fileName: 'broken.gz' });
    const page = await createPage(owner, { markdownFileHandleId: id });
    expect(await alice.get(`/entity/${owner.id}/wiki/${page.id}`)).toMatchObject({ status: 400 });
    const elsewhere = await newProject();
    const root = await createPage(elsewhere);
    expect(await alice.get(`/entity/${elsewhere.id}/wiki/${root.id}`)).toMatchObject({
      status: 400,
    });
  });
});
