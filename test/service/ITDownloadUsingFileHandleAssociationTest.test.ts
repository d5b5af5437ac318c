import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { storage, uploadFile } from '../server/filesClient.js';

const server = withSessions();

/** The text of a file that is read through an object. */
async function read(fileHandleId: string, type: string, objectId: string): Promise<string> {
  const query = `redirect=false&fileAssociateType=${type}&fileAssociateId=${objectId}`;
  const answer = await server.alice.get(`/file/v1/file/${fileHandleId}?${query}`);
  expect(answer).toMatchObject({ status: 200 });
  return (await storage(String(answer.body))).body.toString();
}

describe('ITDownloadUsingFileHandleAssociationTest', () => {
  test('testFileEntity: the file of an entity is read through the entity', async () => {
    const { alice } = server;
    const { id: parentId } = await alice.create('project', {});
    const { id } = await uploadFile(alice, Buffer.from('tiny'), { generatePreview: false });
    const file = await alice.create('file', { parentId, name: 'file', dataFileHandleId: id });
    expect(await read(id, 'FileEntity', file.id)).toBe('tiny');
  });

  test('testWikiAttachment: the attachments and the markdown of a page are read through the page', async () => {
    const { alice } = server;
    const project = await alice.create('project', {});
    const upload = async (text: string): Promise<string> =>
      (await uploadFile(alice, Buffer.from(text), { generatePreview: false })).id;
    const [attachment, markdown] = [await upload('attached'), await upload('# Markdown')];
    const page = await alice.post(`/entity/${project.id}/wiki2`, {
      title: 'a page',
      attachmentFileHandleIds: [attachment],
      markdownFileHandleId: markdown,
    });
    expect(page).toMatchObject({ status: 201 });
    const { id } = page.body as { id: string };
    expect(await read(attachment, 'WikiAttachment', id)).toBe('attached');
    expect(await read(markdown, 'WikiMarkdown', id)).toBe('# Markdown');
  });
});
