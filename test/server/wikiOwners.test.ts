import { gunzipSync } from 'node:zlib';

import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Session } from './entitySession.js';
import { storage, uploadFile } from './filesClient.js';

type Page = Required<Pick<M.V2WikiPage, 'attachmentFileHandleIds' | 'etag' | 'id'>> & M.V2WikiPage;

/** What may have a wiki: where, and who may write it. */
interface Owner {
  readonly path: string;
  readonly writer: Session;
}

const server = withSessions();
const base = 'org.sagebionetworks.repo.model';
let projectId: string;

const owners: Readonly<Record<string, () => Promise<Owner>>> = {
  entity: async () => {
    const { alice } = server;
    const { id } = await alice.create('folder', { parentId: projectId });
    return { path: `/entity/${id}`, writer: alice };
  },
  evaluation: async () => {
    const { alice } = server;
    const name = crypto.randomUUID();
    const { body } = await alice.post('/evaluation', { name, contentSource: projectId });
    return { path: `/evaluation/${(body as { id: string }).id}`, writer: alice };
  },
  'access requirement': async () => {
    const { admin } = server;
    const { body } = await admin.post('/accessRequirement', {
      concreteType: `${base}.TermsOfUseAccessRequirement`,
      accessType: 'DOWNLOAD',
      subjectIds: [{ id: projectId, type: 'ENTITY' }],
      termsOfUse: 'Be kind.',
    });
    return { path: `/access_requirement/${(body as { id: number }).id}`, writer: admin };
  },
};

beforeAll(async () => {
  projectId = (await server.alice.create('project', { name: 'Wikis of all' })).id;
});

async function upload(session: Session, fileName: string, text: string): Promise<string> {
  const contentType = 'text/plain';
  return (await uploadFile(session, Buffer.from(text), { fileName, contentType })).id;
}

async function contentAt(session: Session, path: string): Promise<string> {
  const { status, body } = await session.get(`${path}redirect=false`);
  expect([path, status]).toEqual([path, 200]);
  return (await storage(String(body))).body.toString();
}

describe.each(Object.entries(owners))('a wiki of an %s', (_, makeOwner) => {
  test('has pages with a history', async () => {
    const { path, writer } = await makeOwner();
    const wiki = `${path}/wiki2`;
    const made = await writer.post(wiki, {
      title: 'Root',
      markdownFileHandleId: await upload(writer, 'first.md', 'first text'),
      attachmentFileHandleIds: [await upload(writer, 'notes.txt', 'some notes')],
    });
    expect(made).toMatchObject({ status: 201 });
    const root = made.body as Page;
    const page = `${wiki}/${root.id}`;
    expect(await contentAt(writer, `${page}/markdown?`)).toBe('first text');
    expect(await contentAt(writer, `${page}/attachment?fileName=notes.txt&`)).toBe('some notes');
    expect(await contentAt(writer, `${page}/attachmentpreview?fileName=notes.txt&`)).toBe(
      'some notes',
    );
    expect(await writer.get(`${page}/attachmenthandles`)).toMatchObject({
      status: 200,
      body: { list: [{ fileName: 'notes.txt' }, { fileName: 'preview.txt' }] },
    });

    const markdownFileHandleId = await upload(writer, 'second.md', 'second text');
    const changed = await writer.put(page, { ...root, title: 'Changed', markdownFileHandleId });
    expect(changed).toMatchObject({ status: 200, body: { title: 'Changed' } });
    expect(await contentAt(writer, `${page}/markdown?`)).toBe('second text');
    expect(await contentAt(writer, `${page}/markdown?wikiVersion=0&`)).toBe('first text');
    const restored = await writer.put(`${page}/0`);
    expect(restored).toMatchObject({ status: 200, body: { title: 'Root' } });
    expect(await contentAt(writer, `${page}/markdown?`)).toBe('first text');
    expect(await writer.get(`${page}/wikihistory?offset=0&limit=10`)).toMatchObject({
      status: 200,
      body: { results: [{ version: '2' }, { version: '1' }, { version: '0' }] },
    });
    expect((await writer.get(page)).body).toEqual(restored.body);
  });

  test('has a tree that goes with its root', async () => {
    const { path, writer } = await makeOwner();
    const add = async (title: string, parentWikiId?: string) => {
      const markdownFileHandleId = await upload(writer, 'page.md', title);
      const answer = await writer.post(`${path}/wiki2`, {
        title,
        parentWikiId,
        markdownFileHandleId,
      });
      expect(answer).toMatchObject({ status: 201 });
      return answer.body as Page;
    };
    const root = await add('Root');
    const child = await add('Child', root.id);
    expect(await writer.get(`${path}/wikiheadertree2`)).toMatchObject({
      status: 200,
      body: {
        results: [
          { id: root.id, title: 'Root' },
          { id: child.id, title: 'Child', parentId: root.id },
        ],
      },
    });
    expect(await writer.get(`${path}/wikikey`)).toMatchObject({ body: { wikiPageId: root.id } });
    expect(await writer.delete(`${path}/wiki2/${root.id}`)).toMatchObject({ status: 200 });
    for (const { id } of [root, child]) {
      expect(await writer.get(`${path}/wiki2/${id}`)).toMatchObject({ status: 404 });
    }
    expect(await writer.get(`${path}/wiki2`)).toMatchObject({ status: 404 });
  });

  test('is the same in its first API', async () => {
    const { path, writer } = await makeOwner();
    const made = await writer.post(`${path}/wiki`, { title: 'Old', markdown: 'old text' });
    expect(made).toMatchObject({ status: 201, body: { markdown: 'old text' } });
    const old = made.body as Page;
    const page = `${path}/wiki/${old.id}`;
    const changed = await writer.put(page, { ...old, markdown: 'new text' });
    expect(changed).toMatchObject({ status: 200, body: { markdown: 'new text' } });
    expect((await writer.get(page)).body).toEqual(changed.body);
    expect(await writer.get(`${path}/wiki2`)).toMatchObject({ body: { id: old.id, title: 'Old' } });
    const stored = await writer.get(`${path}/wiki2/${old.id}/markdown?redirect=false`);
    const { body } = await storage(String(stored.body));
    expect(gunzipSync(body).toString()).toBe('new text');
  });
});

// The service never had the rest of the first API for access requirements.
describe.each(['entity', 'evaluation'])('the first API of the wiki of an %s', (name) => {
  test('lists pages with their files', async () => {
    const { path, writer } = (await owners[name]?.()) ?? { path: '', writer: server.alice };
    const attachmentFileHandleIds = [await upload(writer, 'notes.txt', 'some notes')];
    const made = await writer.post(`${path}/wiki`, { title: 'Old', attachmentFileHandleIds });
    const { id } = made.body as Page;
    expect((await writer.get(`${path}/wiki`)).body).toEqual(made.body);
    expect(await writer.get(`${path}/wikiheadertree`)).toMatchObject({
      body: { results: [{ id, title: 'Old' }] },
    });
    const page = `${path}/wiki/${id}`;
    expect(await contentAt(writer, `${page}/attachmentpreview?fileName=notes.txt&`)).toBe(
      'some notes',
    );
    expect(await writer.get(`${page}/attachmenthandles`)).toMatchObject({
      body: { list: [{ id: attachmentFileHandleIds[0] }, { isPreview: true }] },
    });
    expect(await contentAt(writer, `${page}/attachment?fileName=notes.txt&`)).toBe('some notes');
    expect(await writer.delete(page)).toMatchObject({ status: 200 });
    expect(await writer.get(`${path}/wiki`)).toMatchObject({ status: 404 });
  });
});
