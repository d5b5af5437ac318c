import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { waitForPreview } from './previewFiles.js';
import { attachmentHandles, bytesAt, pageOf, wikiFiles } from './wikiPages.js';

const server = withSessions();

describe('IT055WikiPageTest', () => {
  test('testWikiRoundTrip: a page is created, gets an attachment, is the root page, and is deleted', async () => {
    const { alice } = server;
    const { id: projectId } = await alice.create('project', {});
    const wiki = `/entity/${projectId}/wiki`;
    const { first } = await wikiFiles(alice);
    const made = pageOf(await alice.post(wiki, { title: 'a title' }));
    expect(made).toMatchObject({ title: 'a title', attachmentFileHandleIds: [] });
    const page = `${wiki}/${made.id}`;
    const changed = pageOf(await alice.put(page, { ...made, attachmentFileHandleIds: [first] }));
    expect(changed.attachmentFileHandleIds).toEqual([first]);
    const read = await alice.get(page);
    expect((await alice.get(wiki)).body).toEqual(read.body);
    expect(await alice.delete(page)).toMatchObject({ status: 200 });
    expect(await alice.get(page)).toMatchObject({ status: 404 });
    expect(await waitForPreview(alice, first)).toMatchObject({ isPreview: true });
  });

  test('testGetWikiPageAttachments: an attachment is listed with its preview, and both are served', async () => {
    const { alice } = server;
    const { id: projectId } = await alice.create('project', {});
    const wiki = `/entity/${projectId}/wiki`;
    const { first, image } = await wikiFiles(alice);
    const made = pageOf(
      await alice.post(wiki, { title: 'a title', attachmentFileHandleIds: [first] }),
    );
    const preview = await waitForPreview(alice, first);
    const page = `${wiki}/${made.id}`;
    expect(await attachmentHandles(alice, `${page}/attachmenthandles`)).toMatchObject([
      { id: first, previewId: preview.id },
      { id: preview.id, isPreview: true },
    ]);
    const query = 'fileName=LittleImage.png&redirect=false';
    expect(await bytesAt(alice, `${page}/attachment?${query}`)).toEqual(image);
    expect((await bytesAt(alice, `${page}/attachmentpreview?${query}`)).length).toBeGreaterThan(0);
  });
});
