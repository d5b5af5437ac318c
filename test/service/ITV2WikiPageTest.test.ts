import { gunzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Session } from '../server/entitySession.js';
import { waitForPreview } from './previewFiles.js';
import { attachmentHandles, bytesAt, pageOf, wikiFiles } from './wikiPages.js';

const server = withSessions();

/** The path of a project. */
async function newProject(): Promise<string> {
  return `/entity/${(await server.alice.create('project', {})).id}`;
}

/** The path of an access requirement, which only administrators write. */
async function newRequirement(): Promise<string> {
  const { id } = await server.alice.create('project', {});
  const answer = await server.admin.post('/accessRequirement', {
    concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
    accessType: 'DOWNLOAD',
    subjectIds: [{ id, type: 'ENTITY' }],
  });
  expect(answer).toMatchObject({ status: 201 });
  return `/access_requirement/${(answer.body as { id: number }).id}`;
}

const markdownText = async (path: string): Promise<string> =>
  gunzipSync(await bytesAt(server.alice, path)).toString();

/** Creates a page, changes it, restores its first version, and deletes it. */
async function checkRoundTrip(owner: string, writer: Session): Promise<void> {
  const { alice } = server;
  const { first, second, markdown } = await wikiFiles(writer);
  const made = pageOf(
    await writer.post(`${owner}/wiki2`, {
      title: 'first title',
      attachmentFileHandleIds: [first],
      markdownFileHandleId: markdown,
    }),
  );
  expect(made.attachmentFileHandleIds).toEqual([first]);
  const page = `${owner}/wiki2/${made.id}`;
  const changed = pageOf(
    await writer.put(page, {
      ...made,
      title: 'second title',
      attachmentFileHandleIds: [first, second],
    }),
  );
  expect(changed).toMatchObject({
    title: 'second title',
    attachmentFileHandleIds: [first, second],
    markdownFileHandleId: markdown,
  });
  expect(changed.modifiedOn).not.toBe(made.modifiedOn);
  expect((await alice.get(`${owner}/wiki2`)).body).toEqual((await alice.get(page)).body);
  for (const version of ['', '&wikiVersion=0']) {
    expect(await markdownText(`${page}/markdown?redirect=false${version}`)).toBe('some markdown');
  }
  expect((await alice.get(`${owner}/wikiheadertree2?limit=50&offset=0`)).body).toMatchObject({
    results: [{ id: made.id }],
    totalNumberOfResults: 1,
  });
  const history = async (): Promise<M.V2WikiHistorySnapshot[]> => {
    const { body } = await alice.get(`${page}/wikihistory?limit=10&offset=0`);
    return (body as { results: M.V2WikiHistorySnapshot[] }).results;
  };
  const [, oldest, ...more] = await history();
  expect(more).toEqual([]);
  expect((await alice.get(`${page}?wikiVersion=${oldest?.version ?? ''}`)).body).toMatchObject({
    attachmentFileHandleIds: [first],
    modifiedOn: made.modifiedOn,
  });
  const restored = pageOf(await writer.put(`${page}/${oldest?.version ?? ''}`));
  expect(restored).toMatchObject({
    title: 'first title',
    attachmentFileHandleIds: [first],
    markdownFileHandleId: markdown,
  });
  expect(await history()).toHaveLength(3);
  expect(await writer.delete(page)).toMatchObject({ status: 200 });
  expect(await alice.get(page)).toMatchObject({ status: 404 });
}

/** Creates the root page of a new project. */
async function createPage(fields: object = {}) {
  const owner = await newProject();
  const files = await wikiFiles(server.alice);
  const page = pageOf(
    await server.alice.post(`${owner}/wiki2`, {
      title: 'a title',
      attachmentFileHandleIds: [files.first],
      markdownFileHandleId: files.markdown,
      ...fields,
    }),
  );
  return { owner, files, page, path: `${owner}/wiki2/${page.id}` };
}

describe('ITV2WikiPageTest', () => {
  test('testV2WikiRoundTrip: the page of a project is changed, restored and deleted', async () => {
    await checkRoundTrip(await newProject(), server.alice);
  });

  test('testAccessRequirementV2WikiRoundTrip: the page of an access requirement is changed, restored and deleted', async () => {
    await checkRoundTrip(await newRequirement(), server.admin);
  });

  test('testAccessRequirementV1WikiRoundTrip: the page of an access requirement keeps the text of each version', async () => {
    const { admin } = server;
    const owner = await newRequirement();
    const made = pageOf(await admin.post(`${owner}/wiki`, { title: 'a title', markdown: 'one' }));
    expect(made).toMatchObject({ markdown: 'one' });
    expect((await admin.get(`${owner}/wikikey`)).body).toMatchObject({ wikiPageId: made.id });
    const page = `${owner}/wiki/${made.id}`;
    pageOf(await admin.put(page, { ...made, markdown: 'two' }));
    expect((await admin.get(page)).body).toMatchObject({ markdown: 'two' });
    expect((await admin.get(`${page}?wikiVersion=0`)).body).toMatchObject({ markdown: 'one' });
  });

  test('testV2MethodsWithV1Models: both kinds of requests see the same page', async () => {
    const { alice } = server;
    const owner = await newProject();
    const { first, second } = await wikiFiles(alice);
    const made = pageOf(
      await alice.post(`${owner}/wiki`, {
        title: 'a title',
        markdown: 'markdown',
        attachmentFileHandleIds: [first],
      }),
    );
    const page = `${owner}/wiki/${made.id}`;
    const changed = pageOf(
      await alice.put(page, {
        ...made,
        markdown: 'updated markdown',
        attachmentFileHandleIds: [first, second],
      }),
    );
    expect(changed).toMatchObject({ markdown: 'updated markdown' });
    expect(changed.modifiedOn).not.toBe(made.modifiedOn);
    const root = pageOf(await alice.get(`${owner}/wiki2`));
    expect(root.attachmentFileHandleIds).toEqual([first, second]);
    const path = `${owner}/wiki2/${made.id}/markdown?redirect=false`;
    expect(await markdownText(path)).toBe('updated markdown');
    expect((await alice.get(`${page}?wikiVersion=0`)).body).toMatchObject({
      markdown: 'markdown',
      attachmentFileHandleIds: [first],
    });
    expect((await alice.get(`${owner}/wikikey`)).body).toMatchObject({
      ownerObjectId: owner.slice('/entity/'.length),
      ownerObjectType: 'ENTITY',
      wikiPageId: made.id,
    });
  });

  test('testGetWikiPageAttachmentsAndMarkdown: attachments and previews are listed and served for each version', async () => {
    const { alice } = server;
    const { files, page, path } = await createPage();
    const { first, second, image } = files;
    const preview = await waitForPreview(alice, first);
    expect(await attachmentHandles(alice, `${path}/attachmenthandles`)).toMatchObject([
      { id: first, previewId: preview.id },
      { id: preview.id, isPreview: true },
    ]);
    for (const version of ['', '&wikiVersion=0']) {
      const query = `fileName=LittleImage.png&redirect=false${version}`;
      expect(await bytesAt(alice, `${path}/attachment?${query}`)).toEqual(image);
      const shown = await bytesAt(alice, `${path}/attachmentpreview?${query}`);
      expect(shown.length).toBeGreaterThan(0);
    }
    pageOf(await alice.put(path, { ...page, attachmentFileHandleIds: [first, second] }));
    await waitForPreview(alice, second);
    expect(await attachmentHandles(alice, `${path}/attachmenthandles`)).toHaveLength(4);
    const old = `${path}/attachmenthandles?wikiVersion=0`;
    expect(await attachmentHandles(alice, old)).toHaveLength(2);
  });

  test('testGetV2WikiOrderHint: a wiki has no order at first', async () => {
    const { owner } = await createPage();
    const { body } = await server.alice.get(`${owner}/wiki2orderhint`);
    expect(body).toMatchObject({ ownerObjectType: 'ENTITY' });
    expect(body).not.toHaveProperty('idList');
  });

  test('testUpdateV2WikiOrderHintRoundTrip: the order of a wiki is any list of texts', async () => {
    const { alice } = server;
    const { owner } = await createPage();
    const hint = (await alice.get(`${owner}/wiki2orderhint`)).body as M.V2WikiOrderHint;
    const idList = ['A', 'X', 'B', 'Y', 'C', 'Z'];
    const changed = await alice.put(`${owner}/wiki2orderhint`, { ...hint, idList });
    expect(changed).toMatchObject({ status: 200, body: { idList, ownerObjectType: 'ENTITY' } });
    expect((changed.body as M.V2WikiOrderHint).etag).not.toBe(hint.etag);
    expect((await alice.get(`${owner}/wiki2orderhint`)).body).toEqual(changed.body);
  });
});
