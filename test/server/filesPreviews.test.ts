import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { hasPreview, previewBytes, previewContent } from '../../src/server/files/previewContent.js';
import { withSessions, type Stored } from './entitySession.js';
import { storage, uploadFile } from './filesClient.js';

const server = withSessions();

async function createFile(text: string, contentType: string): Promise<Stored> {
  const { alice } = server;
  const project = await alice.create('project', {});
  const { id } = await uploadFile(alice, Buffer.from(text), { contentType });
  return alice.create('file', { parentId: project.id, dataFileHandleId: id });
}

async function batchOf(file: Stored): Promise<M.FileResult> {
  const answer = await server.alice.post('/file/v1/fileHandle/batch', {
    includePreviewPreSignedURLs: true,
    requestedFiles: [
      {
        fileHandleId: file.dataFileHandleId,
        associateObjectId: file.id,
        associateObjectType: 'FileEntity',
      },
    ],
  });
  const [result] = (answer.body as M.BatchFileResult).requestedFiles;
  return result ?? { fileHandleId: '' };
}

describe('the preview of a text', () => {
  test('is made as a file of its owner when it is first asked for', async () => {
    const { alice, bob } = server;
    const file = await createFile('some text', 'text/plain; charset=utf-8');
    const path = `/file/v1/fileHandle/${file.dataFileHandleId ?? ''}`;
    expect((await alice.get(path)).body).not.toHaveProperty('previewId');
    const answers = await Promise.all(
      ['', '/version/1'].map((version) =>
        alice.get(`/entity/${file.id}${version}/filepreview?redirect=false`),
      ),
    );
    const served = await storage(String(answers[0]?.body));
    expect(served.body.toString()).toBe('some text');
    expect(served.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': 'attachment; filename="preview.txt"',
    });
    const { previewId } = (await alice.get(path)).body as M.S3FileHandle;
    expect(new Set(answers.map(({ body }) => new URL(String(body)).pathname)).size).toBe(1);
    expect((await alice.get(`/file/v1/fileHandle/${previewId ?? ''}`)).body).toMatchObject({
      isPreview: true,
      fileName: 'preview.txt',
      createdBy: String(server.userId('alice')),
    });
    const handles = await alice.get(`/entity/${file.id}/filehandles`);
    expect((handles.body as M.FileHandleResults).list).toMatchObject([
      { id: file.dataFileHandleId, isPreview: false },
      { id: previewId, isPreview: true },
    ]);
    expect(await bob.get(`/entity/${file.id}/filepreview`)).toMatchObject({ status: 403 });
  });

  test('comes with a batch that asks for previews', async () => {
    const file = await createFile('to be cleared', 'application/x-sh');
    const first = await batchOf(file);
    expect(first.previewPreSignedURL).toContain('preview.txt');
    const path = `/file/v1/fileHandle/${file.dataFileHandleId ?? ''}`;
    expect(await server.alice.delete(`${path}/filepreview`)).toMatchObject({ status: 200 });
    const second = await batchOf(file);
    expect(second.previewPreSignedURL).toContain('preview.txt');
    expect((await server.alice.get(path)).body).toMatchObject({
      previewId: expect.any(String) as unknown,
    });
  });

  test('is made only of text', async () => {
    const { alice, synapse } = server;
    const file = await createFile('later', 'text/plain');
    synapse.conditions.set({ readOnly: true });
    const path = `/entity/${file.id}/filepreview?redirect=false`;
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    synapse.conditions.reset();
    expect(await alice.get(path)).toMatchObject({ status: 200 });
    const picture = await createFile('no picture', 'image/png');
    expect(await batchOf(picture)).toEqual({ fileHandleId: picture.dataFileHandleId });
  });
});

describe('the content of a preview', () => {
  test('is the beginning of a long text', () => {
    const { text } = previewContent('text/html', Buffer.from('é'.repeat(2000))) ?? {};
    expect(text).toBe(`${'é'.repeat(1497)}...`);
    expect(previewContent('text/html', Buffer.from('x'.repeat(1500)))?.text).toHaveLength(1500);
    expect(hasPreview(undefined)).toBe(false);
    expect(previewContent('application/octet-stream', Buffer.from('x'))).toBeUndefined();
  });

  test('is the corner of a large table with commas', () => {
    const wide = Array.from({ length: 25 }, (_, index) => `c${index}`).join('\t');
    const rows = [wide, `${'x'.repeat(41)}\t"say ""hi"""`, ...Array<string>(40).fill('a\tb')];
    const preview = previewContent('text/tsv', Buffer.from(`${rows.join('\n')}\n`));
    expect(preview).toMatchObject({ contentType: 'text/csv', fileName: 'preview.csv' });
    const lines = (preview?.text ?? '').split('\n');
    expect(lines).toHaveLength(32);
    expect(lines[0]?.split(',')).toHaveLength(21);
    expect(lines[0]).toMatch(/^"c0","c1",.*,"c19","&hellip;"$/);
    expect(lines[1]).toBe(`"${'x'.repeat(40)}&hellip;","say ""hi"""`);
    expect(lines[30]).toBe(Array<string>(21).fill('"&hellip;"').join(','));
  });

  test('leaves out a row that it has only the beginning of', () => {
    const start = Buffer.alloc(previewBytes, 'unfinished ');
    start.write('whole,row\n', 0);
    const { text } = previewContent('text/csv', start) ?? {};
    expect(text).toBe('"whole","row"\n');
    expect(previewContent('text/csv', Buffer.from('a,b'))?.text).toBe('"a","b"\n');
  });
});
