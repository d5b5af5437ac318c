import { createHash } from 'node:crypto';
import { appendFile, readFile, utimes } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  ConflictError,
  File,
  Folder,
  Link,
  PreconditionFailedError,
  Project,
  UploadError,
  type Progress,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const uploadCalls = [
  'file.getDefaultUploadDestination',
  'file.createMultipartUpload',
  'file.getMultipartUploadUrlBatch',
  'PUT /storage',
  'file.addMultipartUploadPart',
  'file.completeMultipartUpload',
];

describe('containers', () => {
  test('an existing one keeps what is not given', async () => {
    const calls = await clients.calls(() =>
      syn.store(new Folder({ name: 'one', parent: project, description: 'first' })),
    );
    expect(calls).toEqual(['entity.createEntity']);

    const again = await syn.store(new Folder({ name: 'one', parent: project.id }));
    expect(again).toMatchObject({ description: 'first', parentId: project.id });
    const changed = await syn.store(
      new Folder({ name: 'one', parentId: project.id, description: 'second' }),
    );
    expect([changed.id, changed.description]).toEqual([again.id, 'second']);
  });

  test('an existing one is refused when that is asked for', async () => {
    const folder = () => new Folder({ name: 'two', parent: project });
    await syn.store(folder());
    const calls = await clients.calls(() => syn.store(folder()));
    expect(calls).toEqual([
      'entity.createEntity',
      'entity.getEntityChildId',
      'entityBundle.getEntityBundle',
    ]);
    await expect(syn.store(folder(), { createOrUpdate: false })).rejects.toThrow(ConflictError);
  });

  test('annotations of an existing one are merged', async () => {
    const calls = await clients.calls(async () => {
      const annotations = { species: 'mouse', ages: [1, 2] };
      const made = await syn.store(new Folder({ name: 'three', parent: project, annotations }));
      expect(made.annotations).toEqual({ species: ['mouse'], ages: [1, 2] });
    });
    expect(calls).toEqual(['entityBundle.createEntityBundle']);

    const annotations = { species: ['rat'], tissue: 'liver' };
    const merged = await syn.store(new Folder({ name: 'three', parent: project, annotations }));
    const all = { species: ['rat'], ages: [1, 2], tissue: ['liver'] };
    expect(merged.annotations).toEqual(all);
    expect(await syn.getAnnotations(merged)).toEqual(all);

    const alone = new Folder({ name: 'three', parent: project, annotations: { only: true } });
    await syn.store(alone, { mergeAnnotations: false });
    expect(await syn.getAnnotations(merged)).toEqual({ only: [true] });
  });

  test('an object that was read has all annotations: one that is taken out of it is taken away', async () => {
    const { id } = await syn.store(
      new Folder({ name: 'four', parent: project, annotations: { keep: 1, drop: 2 } }),
    );
    const read = await syn.get(id);
    delete read.annotations['drop'];
    const calls = await clients.calls(() => syn.store(read));
    expect(calls).toEqual(['entity.updateEntityAnnotations']);
    expect(await syn.getAnnotations(id)).toEqual({ keep: [1] });
    expect(await clients.calls(() => syn.store(read))).toEqual([]);
  });

  test('a member that is taken out of an object that was read is cleared', async () => {
    const made = await syn.store(new Folder({ name: 'five', parent: project, description: 'd' }));
    const read = await syn.get(made.id);
    delete read.description;
    await syn.store(read);
    expect(await syn.get(made.id)).not.toHaveProperty('description');
  });

  test('a project whose alias is taken is an error', async () => {
    const alias = `alias_${process.pid}`;
    await syn.store(new Project({ name: `aliased ${process.pid}`, alias }));
    const other = new Project({ name: `also aliased ${process.pid}`, alias });
    await expect(syn.store(other)).rejects.toThrow(ConflictError);
  });
});

describe('the content of files', () => {
  test('a new file takes only the requests of the protocol', async () => {
    const path = await clients.file('new.txt', 'new content');
    const events: Progress[] = [];
    let file: File | undefined;
    const calls = await clients.calls(async () => {
      file = await syn.store(new File({ path, parent: project }), {
        onProgress: (event) => events.push(event),
      });
    });
    expect(calls).toEqual(['entity.getEntityChildId', ...uploadCalls, 'entity.createEntity']);
    const md5 = createHash('md5').update('new content').digest('hex');
    expect(file).toMatchObject({
      name: 'new.txt',
      versionNumber: 1,
      path,
      fileHandle: { contentMd5: md5, contentSize: 11, contentType: 'text/plain' },
    });
    expect(events.filter(({ kind }) => kind === 'upload').at(-1)?.state).toBe('done');
  });

  test('an unchanged file gets no version', async () => {
    const path = await clients.file('same.txt', 'same');
    const first = await syn.store(new File({ path, parent: project }));
    expect(await clients.calls(() => syn.store(first))).toEqual([]);

    const events: Progress[] = [];
    const calls = await clients.calls(async () => {
      const again = await syn.store(new File({ path, parent: project }), {
        onProgress: (event) => events.push(event),
      });
      expect(again).toMatchObject({ id: first.id, versionNumber: 1, etag: first.etag });
    });
    expect(calls).toEqual(['entity.getEntityChildId', 'entityBundle.getEntityBundle']);
    expect(events).toMatchObject([{ kind: 'upload', state: 'skipped' }]);
    // A new time alone is not new content.
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    expect(await clients.calls(() => syn.store(first))).toEqual([]);
  });

  test('changed content is a new version without the label of the old', async () => {
    const path = await clients.file('changing.txt', 'one');
    const init = { path, parent: project };
    await syn.store(new File({ ...init, annotations: { a: 1 } }), { versionLabel: 'first' });
    await appendFile(path, ' two');
    const next = await syn.store(new File(init));
    expect(next).toMatchObject({ versionNumber: 2, versionLabel: '2', annotations: { a: [1] } });
    const old = await syn.get(`${next.id}.1`, { downloadFile: false });
    expect(old).toMatchObject({ versionLabel: 'first', isLatestVersion: false });
  });

  test('changed members make a version unless told not to', async () => {
    const path = await clients.file('members.txt', 'members');
    const file = await syn.store(new File({ path, parent: project }));
    file.description = 'one';
    await syn.store(file);
    expect(file.versionNumber).toBe(2);
    file.description = 'two';
    await syn.store(file, { forceVersion: false });
    expect([file.versionNumber, file.description]).toEqual([2, 'two']);
    const labelled = await syn.store(file, { versionLabel: 'v3', versionComment: 'why' });
    expect(labelled).toMatchObject({ versionNumber: 3, versionLabel: 'v3', versionComment: 'why' });
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
  });

  test('is replaced by id with another local file', async () => {
    const { id } = await syn.store(
      new File({ path: await clients.file('by-id.txt', 'old'), parent: project }),
    );
    const path = await clients.file('other.txt', 'new');
    const file = await syn.store(new File({ id, path }));
    expect(file).toMatchObject({ id, name: 'by-id.txt', versionNumber: 2 });
    expect(file.fileHandle).toMatchObject({ fileName: 'other.txt' });
  });

  test('a file whose own name Synapse does not take is stored under the name that is given', async () => {
    const path = await clients.file('größe.txt', 'size');
    const file = await syn.store(new File({ path, name: 'size.txt', parent: project }));
    expect(file).toMatchObject({ name: 'size.txt', fileHandle: { fileName: 'size.txt' } });
  });

  test('a name that is taken is found out before the upload', async () => {
    const path = await clients.file('taken.txt', 'mine');
    await syn.store(new File({ path, parent: project }));
    await appendFile(path, ', changed');
    const store = () => syn.store(new File({ path, parent: project }), { createOrUpdate: false });
    const calls = await clients.calls(() => expect(store()).rejects.toThrow(ConflictError));
    expect(calls).toEqual(['entity.getEntityChildId']);
  });

  test('a file elsewhere is kept by its address', async () => {
    const externalUrl = 'https://example.org/data/table.csv?x=1';
    const file = await syn.store(new File({ externalUrl, parent: project }));
    expect(file).toMatchObject({
      name: 'table.csv',
      fileHandle: { externalURL: externalUrl, contentType: 'text/csv' },
    });
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
    const again = await syn.store(new File({ path: externalUrl, parent: project }));
    expect([again.id, again.versionNumber]).toEqual([file.id, 1]);
    const moved = await syn.store(
      new File({ id: file.id, externalUrl: 'https://example.org/new/table.csv' }),
    );
    expect(moved).toMatchObject({ versionNumber: 2, name: 'table.csv' });
  });

  test('a local file that stays on this machine is kept by its address', async () => {
    const path = await clients.file('stays.txt', 'stays');
    const file = await syn.store(new File({ path, parent: project, synapseStore: false }));
    expect(file.fileHandle).toMatchObject({ externalURL: `file://${path}`, contentSize: 5 });
    const read = await syn.get(file.id);
    expect(read).toMatchObject({ path });
    expect(await readFile(path, 'utf8')).toBe('stays');
  });
});

describe('content in another place', () => {
  test('a local file that stays here is stored again when it has changed', async () => {
    const path = await clients.file('edited.txt', 'one');
    const file = await syn.store(new File({ path, parent: project, synapseStore: false }));
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
    await appendFile(path, ' two');
    await syn.store(file);
    expect(file).toMatchObject({ versionNumber: 2, fileHandle: { contentSize: 7 } });
  });

  test('a file that stayed here is uploaded when that is asked for', async () => {
    const path = await clients.file('uploaded.txt', 'content');
    const init = { path, parent: project };
    const { id } = await syn.store(new File({ ...init, synapseStore: false }));
    const file = await syn.store(new File(init));
    expect(file.id).toBe(id);
    expect(file.fileHandle?.concreteType).toMatch(/S3FileHandle$/);
    expect(file).not.toHaveProperty('externalUrl');
  });

  test('a file handle that exists already is content', async () => {
    const source = await syn.store(
      new File({ path: await clients.file('source.txt', 'shared'), parent: project }),
    );
    const { dataFileHandleId = '' } = source;
    const init = { name: 'same handle.txt', parent: project, dataFileHandleId };
    const file = await syn.store(new File(init));
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
    const other = await syn.store(
      new File({ externalUrl: 'https://example.org/e', parent: project }),
    );
    other.dataFileHandleId = dataFileHandleId;
    delete other.externalUrl;
    await syn.store(other);
    expect(other).toMatchObject({ versionNumber: 2, dataFileHandleId });
    expect(other).toMatchObject({ fileHandle: { id: dataFileHandleId, fileName: 'source.txt' } });
    expect(await syn.get(other.id)).toMatchObject({ fileHandle: { fileName: 'source.txt' } });
  });

  test('another file handle takes the place of the local file, which is not uploaded again', async () => {
    const source = await syn.store(
      new File({ path: await clients.file('source.csv', 'a,b'), parent: project }),
    );
    const file = await syn.store(
      new File({ path: await clients.file('replaced.txt', 'old'), parent: project }),
    );
    file.dataFileHandleId = source.dataFileHandleId;
    const calls = await clients.calls(() => syn.store(file));
    expect(calls).toEqual(['entity.updateEntity', 'entityBundle.getEntityBundle']);
    expect(file).toMatchObject({
      versionNumber: 2,
      contentType: 'text/csv',
      fileHandle: { id: source.dataFileHandleId, fileName: 'source.csv' },
    });
    expect(file).not.toHaveProperty('path');
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
  });

  test('a file handle with the same content leaves the local file as it is', async () => {
    const path = await clients.file('twice.txt', 'twice');
    const file = await syn.store(new File({ path, parent: project }));
    const { newFileHandle } =
      (
        await syn.services.file.copyFileHandleBatch({
          body: {
            copyRequests: [
              {
                originalFile: {
                  fileHandleId: file.dataFileHandleId,
                  associateObjectId: file.id,
                  associateObjectType: 'FileEntity',
                },
              },
            ],
          },
        })
      ).copyResults[0] ?? {};
    file.dataFileHandleId = newFileHandle?.id;
    await syn.store(file);
    expect(file).toMatchObject({ path, fileHandle: { id: newFileHandle?.id } });
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
  });

  test('a storage that cannot be uploaded to is an error before the upload', async () => {
    const asked: string[] = [];
    const sftp = await clients.open('alice', {
      fetch: (url, init) => {
        if (!url.endsWith('/uploadDestination')) return fetch(url, init);
        asked.push(url);
        return Promise.resolve(
          Response.json({
            concreteType: 'org.sagebionetworks.repo.model.file.ExternalUploadDestination',
            storageLocationId: 77,
            banner: 'Lab data only.',
          }),
        );
      },
    });
    const path = await clients.file('lab.txt', 'x');
    const store = () => sftp.store(new File({ path, parent: project }));
    await expect(store()).rejects.toThrow('type External (storage location 77)');
    await expect(store()).rejects.toThrow(UploadError);
    expect(asked).toHaveLength(1);
    expect(clients.notes.at(-1)).toBe('Lab data only.');
  });
});

test('a file that was read takes the type of its new content', async () => {
  const { id } = await syn.store(
    new File({ path: await clients.file('values.csv', 'a,b'), parent: project }),
  );
  const read = await syn.get(id);
  expect(await clients.calls(() => syn.store(read))).toEqual([]);
  if (!(read instanceof File)) throw new Error('not a file');
  read.path = await clients.file('table.json', '{}');
  await syn.store(read);
  expect(read).toMatchObject({
    versionNumber: 2,
    name: 'values.csv',
    fileHandle: { contentType: 'application/json', fileName: 'table.json' },
  });
});

describe('the content type of content that stays', () => {
  const changed = ['file.copyFileHandleBatch', 'entity.updateEntity'];

  test('is changed, as a new version and without an upload', async () => {
    const path = await clients.file('typed.txt', 'a,b');
    const file = await syn.store(new File({ path, parent: project }));
    const { dataFileHandleId } = file;
    file.contentType = 'text/csv';
    expect(await clients.calls(() => syn.store(file))).toEqual(changed);
    expect(file).toMatchObject({
      path,
      versionNumber: 2,
      contentType: 'text/csv',
      fileHandle: { contentType: 'text/csv', fileName: 'typed.txt' },
    });
    expect(file.dataFileHandleId).not.toBe(dataFileHandleId);
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
    expect(await syn.get(file.id)).toMatchObject({ contentType: 'text/csv', versionNumber: 2 });
  });

  test('is changed for a file that was read without its content', async () => {
    const path = await clients.file('read.txt', 'x');
    const { id } = await syn.store(new File({ path, parent: project }));
    const read = await syn.get(id, { downloadFile: false });
    if (!(read instanceof File)) throw new Error('not a file');
    read.contentType = 'text/markdown';
    await syn.store(read, { forceVersion: false });
    expect(read).toMatchObject({ versionNumber: 1, fileHandle: { contentType: 'text/markdown' } });
  });

  test('is changed when the same file is stored again under another type', async () => {
    const path = await clients.file('again.txt', 'x');
    await syn.store(new File({ path, parent: project }));
    const again = await syn.store(new File({ path, parent: project, contentType: 'text/x-log' }));
    expect(again).toMatchObject({ versionNumber: 2, contentType: 'text/x-log' });
    const same = new File({ path, parent: project, contentType: 'text/x-log' });
    expect(await syn.store(same)).toMatchObject({ versionNumber: 2 });
  });

  test('of a file elsewhere is changed', async () => {
    const externalUrl = 'https://example.org/data/typed.csv';
    const file = await syn.store(new File({ externalUrl, parent: project }));
    file.contentType = 'text/plain';
    await syn.store(file);
    expect(file).toMatchObject({ externalUrl, versionNumber: 2, contentType: 'text/plain' });
  });

  test('cannot be given along with a file handle, and nothing is stored', async () => {
    const source = await syn.store(
      new File({ path: await clients.file('own.txt', 'own'), parent: project }),
    );
    const { dataFileHandleId } = source;
    const init = { name: 'typed handle', parent: project, dataFileHandleId };
    await expect(syn.store(new File({ ...init, contentType: 'text/csv' }))).rejects.toThrow(
      ArgumentError,
    );
    expect(await syn.findEntityId('typed handle', project)).toBeUndefined();
  });

  test('cannot be changed by who may not download the file', async () => {
    const path = await clients.file('closed.txt', 'x');
    const file = await syn.store(new File({ path, parent: project }));
    const bob = await clients.open('bob');
    await syn.setPermissions(project, 'bob', { accessType: ['READ', 'UPDATE'] });
    const theirs = await bob.get(file.id, { downloadFile: false });
    if (!(theirs instanceof File)) throw new Error('not a file');
    theirs.contentType = 'text/csv';
    await expect(bob.store(theirs)).rejects.toThrow(AuthorizationError);
    expect(await syn.get(file.id)).toMatchObject({ versionNumber: 1 });
  });
});

describe('what made an entity', () => {
  test('is recorded with the version that it made', async () => {
    const path = await clients.file('made.txt', 'made');
    let file: (File & Stored) | undefined;
    const calls = await clients.calls(async () => {
      file = await syn.store(new File({ path, parent: project }), {
        used: ['https://example.org/raw', project],
        executed: `${project.id}.1`,
        activityName: 'making',
      });
    });
    expect(calls.slice(-2)).toEqual(['activity.createActivity', 'entity.createEntity']);
    expect(await syn.getProvenance(file?.id ?? '')).toMatchObject({
      name: 'making',
      used: [
        { url: 'https://example.org/raw', wasExecuted: false },
        { reference: { targetId: project.id }, wasExecuted: false },
        { reference: { targetId: project.id, targetVersionNumber: 1 }, wasExecuted: true },
      ],
    });
  });

  test('is recorded for what has not changed', async () => {
    const folder = await syn.store(new Folder({ name: 'made', parent: project }));
    const activity = { name: 'later', used: ['https://example.org'] };
    const calls = await clients.calls(() => syn.store(folder, { activity }));
    expect(calls).toEqual(['activity.createActivity', 'entity.updateEntity']);
    await expect(syn.store(folder, { activity, used: 'syn1' })).rejects.toThrow('not both');
  });
});

describe('links', () => {
  test('take their name and class from what they lead to', async () => {
    const folder = await syn.store(new Folder({ name: 'linked', parent: project }));
    const other = await clients.project(syn);
    const link = await syn.store(new Link({ target: folder, parent: other }));
    expect(link).toMatchObject({
      name: 'linked',
      linksTo: { targetId: folder.id },
      linksToClassName: 'org.sagebionetworks.repo.model.Folder',
    });
    expect(await syn.get(link.id)).toBeInstanceOf(Link);
    expect(await syn.get(link.id, { followLink: true })).toMatchObject({ id: folder.id });
    await expect(syn.store(new Link({ target: folder, parent: project }))).rejects.toThrow(
      'cannot be in',
    );
  });
});

test('a change that somebody else made in between is not overwritten', async () => {
  const folder = await syn.store(new Folder({ name: 'contested', parent: project }));
  const mine = await syn.get(folder.id);
  folder.description = 'theirs';
  await syn.store(folder);
  mine.description = 'mine';
  await expect(syn.store(mine)).rejects.toThrow(PreconditionFailedError);
  expect(await syn.get(folder.id)).toMatchObject({ description: 'theirs' });
});

test('an entity cannot become one of another type', async () => {
  const { id } = await syn.store(new Folder({ name: 'typed', parent: project }));
  const path = await clients.file('typed', 'x');
  await expect(syn.store(new File({ id, path }))).rejects.toThrow('cannot become a FileEntity');
  await expect(syn.store(new File({ path, parent: project }))).rejects.toThrow('is a Folder');
});

test('a type without a class is stored as the API has it', async () => {
  const repository = await syn.store({
    concreteType: 'org.sagebionetworks.repo.model.docker.DockerRepository' as const,
    name: 'image',
    repositoryName: `quay.io/lab/image_${process.pid}`,
    parentId: project.id,
    annotations: { a: ['x'] },
  });
  expect(await syn.get(repository.id)).toMatchObject({ annotations: { a: ['x'] } });
});
