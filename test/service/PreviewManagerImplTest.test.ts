import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { fileTypes } from '../server/filesClient.js';
import { getsPreview, uploadWithPreview } from './previewFiles.js';
import { createLocation } from './storageSettings.js';

const server = withSessions();
const text = { contentType: 'text/plain', fileName: 'text.txt' };

/** Uploads a text to a location, and returns the file and its preview. */
async function previewAt(kind: 'externalS3' | 'googleCloud' | 's3', fields: object) {
  const { storageLocationId } = await createLocation(server.alice, kind, fields);
  return uploadWithPreview(server.alice, Buffer.from('text'), { ...text, storageLocationId });
}

describe('PreviewManagerImplTest', () => {
  test('testUnsupportedType: a file of another type has no preview', async () => {
    const fields = { contentType: 'fake/type' };
    expect(await getsPreview(server.alice, Buffer.from('text'), fields)).toBe(false);
  });

  test('testContentTypeEmpty: a file with an empty type has no preview', async () => {
    expect(await getsPreview(server.alice, Buffer.from('empty'), { contentType: '' })).toBe(false);
  });

  test('testContentSizeNotTooLarge: a file of a supported type and size has a preview', async () => {
    expect(await getsPreview(server.alice, Buffer.from('small'), text)).toBe(true);
  });

  test('testExpectedS3Preview: a preview is a file of the same owner, bucket and location, with a name of its own', async () => {
    const { file, preview, content } = await uploadWithPreview(
      server.alice,
      Buffer.from('text'),
      text,
    );
    expect(preview).toMatchObject({
      concreteType: `${fileTypes}.S3FileHandle`,
      contentType: 'text/plain',
      createdBy: file.createdBy,
      createdOn: expect.any(String),
      fileName: 'preview.txt',
      contentSize: content.length,
      bucketName: file.bucketName,
      storageLocationId: file.storageLocationId,
      isPreview: true,
    });
    expect(preview.key).not.toBe(file.key);
  });

  test('testExpectedS3PreviewWithS3StorageLocation: the preview of a file in a location of Synapse is there too', async () => {
    const { file, preview } = await previewAt('s3', {});
    expect(preview).toMatchObject({
      bucketName: file.bucketName,
      storageLocationId: file.storageLocationId,
    });
  });

  test('testExpectedS3PreviewWithBasePath: the preview of a file in a bucket of a user is below the base key', async () => {
    const { file, preview } = await previewAt('externalS3', {
      bucket: 'preview-manager',
      baseKey: 'base/path',
    });
    expect(preview).toMatchObject({ bucketName: 'preview-manager' });
    expect(preview.key).toMatch(new RegExp(`^base/path/${file.createdBy ?? ''}/[\\w-]+/[\\w-]+$`));
  });

  test('testExpectedGoogleCloudPreview: the preview of a file in Google Cloud is there too', async () => {
    const { preview, content } = await previewAt('googleCloud', { bucket: 'preview-google' });
    expect(preview).toMatchObject({
      concreteType: `${fileTypes}.GoogleCloudFileHandle`,
      bucketName: 'preview-google',
      isPreview: true,
    });
    expect(content.toString()).toBe('text');
  });

  test('testExpectedGoogleCloudPreviewWithBaseKey: the preview in Google Cloud is below the base key', async () => {
    const { preview } = await previewAt('googleCloud', {
      bucket: 'preview-google-base',
      baseKey: 'base/key',
    });
    expect(preview.key).toMatch(/^base\/key\//);
  });
});
