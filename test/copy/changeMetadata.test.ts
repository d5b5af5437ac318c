import { expect, test } from '@jest/globals';
import { ArgumentError, AuthorizationError, File } from '../../src/index.js';
import * as synapseutils from '../../src/synapseutils/index.js';
import { textOf, withCopies } from './copies.js';

const copies = withCopies();

test('the download name, the type and the name change without an upload', async () => {
  const file = await copies.storeFile('a.txt', await copies.newProject(), {
    annotations: { n: 1 },
  });
  const calls = await copies.callsOf(async () => {
    const changed = await synapseutils.changeFileMetaData(copies.syn, file.id, {
      downloadAs: 'other.csv',
      contentType: 'text/csv',
      name: 'b',
    });
    expect(changed).toBeInstanceOf(File);
    expect(changed).toMatchObject({ id: file.id, name: 'b', versionNumber: 2 });
    expect(changed.annotations).toEqual({ n: [1] });
    expect(changed.fileHandle).toMatchObject({ fileName: 'other.csv', contentType: 'text/csv' });
  });
  expect(calls).toEqual({
    'entityBundle.getEntityBundle': 1,
    'file.copyFileHandleBatch': 1,
    'entity.updateEntity': 1,
  });
  const read = await copies.syn.get(File, file.id, { downloadFile: false });
  expect(read.fileHandle).toMatchObject({ fileName: 'other.csv', contentType: 'text/csv' });
  expect(read.contentType).toBe('text/csv');
  expect(await textOf(copies.syn, file.id)).toBe('a.txt');
});

test('one of them leaves the others as they are', async () => {
  const file = await copies.storeFile('a.txt', await copies.newProject(), {
    contentType: 'text/x-odd',
  });
  const changed = await copies.syn.changeMetadata(file, { downloadAs: 'b.txt' });
  expect(changed.fileHandle).toMatchObject({ fileName: 'b.txt', contentType: 'text/x-odd' });
  expect(changed.name).toBe('a.txt');
});

test('nothing is sent when nothing changes', async () => {
  const file = await copies.storeFile('a.txt', await copies.newProject());
  const writes = await copies.writesOf(() =>
    copies.syn.changeMetadata(file, { downloadAs: 'a.txt', name: 'a.txt' }),
  );
  expect(writes).toEqual({});
});

test('a name alone makes a version only with forceVersion', async () => {
  const file = await copies.storeFile('a.txt', await copies.newProject());
  const renamed = await copies.syn.changeMetadata(file, { name: 'b.txt', forceVersion: false });
  expect([renamed.name, renamed.versionNumber]).toEqual(['b.txt', 1]);
  const again = await copies.syn.changeMetadata(file, { name: 'c.txt' });
  expect(again.versionNumber).toBe(2);
});

test('only of files that the caller may download', async () => {
  const project = await copies.newProject();
  const file = await copies.storeFile('a.txt', project);
  await copies.syn.setPermissions(project, 'ann', { accessType: ['READ', 'UPDATE'] });
  await expect(copies.other.changeMetadata(file.id, { downloadAs: 'b' })).rejects.toThrow(
    AuthorizationError,
  );
  await expect(copies.syn.changeMetadata(project, { downloadAs: 'b' })).rejects.toThrow(
    ArgumentError,
  );
  await expect(copies.syn.changeMetadata(`${file.id}.1`, { name: 'b' })).rejects.toThrow(
    ArgumentError,
  );
});

test('a new version for a change of metadata keeps the activity, also one of another user', async () => {
  const parent = await copies.newProject();
  const file = await copies.storeFile('made.txt', parent);
  await copies.syn.setProvenance(file, { name: 'Made', used: 'https://example.org' });
  const changed = await copies.syn.changeMetadata(file.id, { downloadAs: 'other.txt' });
  expect(changed.versionNumber).toBe(2);
  const before = await copies.syn.getProvenance(`${file.id}.1`);
  expect(await copies.syn.getProvenance(file.id)).toEqual(before);
  await copies.syn.setPermissions(parent, 'ann', { accessType: ['READ', 'DOWNLOAD', 'UPDATE'] });
  await copies.other.changeMetadata(file.id, { contentType: 'text/csv' });
  expect(await copies.syn.getProvenance(file.id)).toMatchObject({ name: 'Made' });
});
