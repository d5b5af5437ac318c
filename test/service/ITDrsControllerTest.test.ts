import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { storage } from '../server/filesClient.js';
import { createDataset, createFile, drsPath, drsRefusal, objectOf } from './drsObjects.js';

const server = withSessions();
const host = (): string => new URL(server.synapse.endpoint).host;

describe('ITDrsControllerTest', () => {
  test('testGetDrsServiceInfo: the service tells who runs it, and where help is', async () => {
    const answer = await server.anonymous.get('/ga4gh/drs/v1/service-info');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: 'org.sagebase.prod.repo-prod',
        name: 'Sage Bionetworks Synapse DRS API',
        documentationUrl: 'https://help.synapse.org/docs/',
        contactUrl: 'https://sagebionetworks.jira.com/servicedesk/customer/portal/9',
        organization: { name: 'Sage Bionetworks', url: 'https://www.sagebionetworks.org' },
        type: { group: 'org.ga4gh', artifact: 'drs', version: '1.2.0' },
      },
    });
  });

  test('testGetDrsObjectBlob: a version of a file is an object', async () => {
    const { file, handle } = await createFile(server.alice);
    const id = `${file.id}.1`;
    expect(objectOf(await server.alice.get(drsPath(id)))).toEqual({
      id,
      name: file.name,
      version: '1',
      size: handle.contentSize,
      mime_type: handle.contentType,
      created_time: file.createdOn,
      updated_time: file.modifiedOn,
      checksums: [{ checksum: handle.contentMd5, type: 'md5' }],
      access_methods: [{ type: 'https', access_id: `FileEntity_${id}_${handle.id}` }],
      self_uri: `drs://${host()}/${id}`,
      description: file.description,
    });
  });

  test('testGetDrsObjectBlobWithFileHandleId: a file handle is an object of its creator', async () => {
    const { handle } = await createFile(server.alice);
    const id = `fh${handle.id}`;
    expect(objectOf(await server.alice.get(drsPath(id)))).toEqual({
      id,
      name: 'SomeFileName',
      size: handle.contentSize,
      mime_type: handle.contentType,
      created_time: handle.createdOn,
      updated_time: handle.modifiedOn,
      checksums: [{ checksum: handle.contentMd5, type: 'md5' }],
      access_methods: [{ type: 'https', access_id: handle.id }],
      self_uri: `drs://${host()}/${id}`,
    });
    expect(await server.bob.get(drsPath(id))).toMatchObject({ status: 403 });
  });

  test('testGetDrsObjectBlobWithIncorrectID: the id of a file must have a version', async () => {
    expect(await server.alice.get(drsPath('syn123'))).toEqual(
      drsRefusal(400, 'Entity ID must include version. e.g syn123.1'),
    );
  });

  test('testGetDrsObjectBundle: a version of a dataset is an object with the names of its files', async () => {
    const { alice } = server;
    const { files, dataset } = await createDataset(alice);
    const { size, checksum, createdOn, modifiedOn } = dataset;
    const id = `${dataset.id}.1`;
    expect(objectOf(await alice.get(drsPath(id)))).toEqual({
      id,
      name: 'DrsBundle',
      version: '1',
      created_time: createdOn,
      updated_time: modifiedOn,
      self_uri: `drs://${host()}/${id}`,
      contents: files.map(({ file }) => ({
        id: `${file.id}.1`,
        name: `${file.id}.1`,
        drs_uri: `drs://${host()}/${file.id}.1`,
      })),
      description: 'Human readable text',
      checksums: [{ checksum, type: 'md5' }],
      size,
    });
    expect(checksum).toMatch(/^[0-9a-f]{32}$/);
  });

  test('testGetPresignedAccessURL: the access id of an object leads to its content', async () => {
    const { alice } = server;
    const { file } = await createFile(alice);
    const path = drsPath(`${file.id}.1`);
    const [method] = objectOf(await alice.get(path)).access_methods;
    const answer = await alice.get(`${path}/access/${method?.access_id ?? ''}`);
    expect(answer).toMatchObject({ status: 200, body: { url: expect.any(String) } });
    const { body } = await storage((answer.body as { url: string }).url);
    expect(body.toString()).toBe('file contents');
  });
});
