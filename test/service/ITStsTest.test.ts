import { GetObjectCommand, ListObjectsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { bucketClient } from './bucketClient.js';
import { createLocation, setLocations } from './storageSettings.js';

const server = withSessions();
const bucket = 'it-sts-bucket';

describe('ITStsTest', () => {
  test('test: credentials to read list and read the folder of the location, and nothing else', async () => {
    const { alice } = server;
    const { id: parentId } = await alice.create('project', {});
    const { id: folderId } = await alice.create('folder', { parentId, name: 'sts' });
    const baseKey = 'integration/sts';
    const location = await createLocation(alice, 'externalS3', {
      bucket,
      baseKey,
      stsEnabled: true,
      uploadType: 'S3',
    });
    await setLocations(alice, folderId, [location]);
    const writer = await bucketClient(server, alice, { folderId, permission: 'read_write' });
    const Key = `${baseKey}/file.txt`;
    await writer.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'Dummy content' }));

    const reader = await bucketClient(server, alice, { folderId, permission: 'read_only' });
    const listed = await reader.send(
      new ListObjectsCommand({ Bucket: bucket, Prefix: `${baseKey}/`, Delimiter: '/' }),
    );
    expect(listed.Contents?.map(({ Key: key }) => key)).toEqual([Key]);
    const { Body } = await reader.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect(await Body?.transformToString()).toBe('Dummy content');
    const outside = new GetObjectCommand({ Bucket: bucket, Key: `${baseKey}owner.txt` });
    await expect(reader.send(outside)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    const write = new PutObjectCommand({ Bucket: bucket, Key, Body: 'changed' });
    await expect(reader.send(write)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});
