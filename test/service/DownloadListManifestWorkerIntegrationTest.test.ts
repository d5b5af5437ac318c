import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { md5s, withSessions } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

describe('DownloadListManifestWorkerIntegrationTest', () => {
  test('testManifest: a manifest has properties and annotations of the files, by name', async () => {
    const alice = new ViewSession(server.alice);
    const { id: parentId } = await alice.project();
    const second = await alice.file(parentId, 'b.txt');
    const first = await alice.file(parentId, 'a.txt');
    await alice.annotate(first.id, {
      a: ['STRING', 'one'],
      b: ['STRING', 'two'],
      c: ['STRING', 'three'],
    });
    await alice.annotate(second.id, {
      a: ['STRING', 'one-one'],
      b: ['STRING', 'two-two'],
      d: ['STRING', 'three-threes'],
    });
    await alice.addBatch([{ fileEntityId: second.id }, { fileEntityId: first.id }]);
    const done = await alice.manifest();
    expect(done).toMatchObject({ status: 201 });
    const { resultFileHandleId } = done.body as M.DownloadListManifestResponse;
    const [header, one, two, end] = (await alice.content(resultFileHandleId)).split('\n');
    expect(header).toBe(
      quotedCsv(
        'ID,name,versionNumber,contentType,dataFileSizeBytes,createdBy,createdOn,modifiedBy,modifiedOn,parentId,synapseURL,dataFileMD5Hex,a,b,c,d',
      ),
    );
    const userId = String(server.userId('alice'));
    const { createdOn, modifiedOn } = await server.alice.read(first.id);
    const [created, modified] = [createdOn, modifiedOn].map((time) => Date.parse(time ?? ''));
    expect(one).toBe(
      `"${first.id}","a.txt","1","NOT_SET","10","${userId}","${created}","${userId}","${modified}","${parentId}",` +
        `"https://www.synapse.org/#!Synapse:${first.id}.1","${md5s.a}","one","two","three",`,
    );
    expect(two?.startsWith(`"${second.id}","b.txt",`)).toBe(true);
    expect(two?.endsWith(',"one-one","two-two",,"three-threes"')).toBe(true);
    expect(end).toBe('');
  });
});
