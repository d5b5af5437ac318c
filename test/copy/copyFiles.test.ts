import { describe, expect, test } from '@jest/globals';
import { ArgumentError, ConflictError, File, Folder } from '../../src/index.js';
import { complete, textOf, withCopies } from './copies.js';

const copies = withCopies();

describe('the content', () => {
  test('of an own file is used again', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.storeFile('a.txt', from);
    const plan = await copies.syn.planCopy(file.id, { to, setProvenance: 'none' });
    expect(plan.items).toMatchObject([{ how: 'ownHandle', action: 'create', bytes: 5 }]);
    const writes = await copies.writesOf(async () => complete(await plan.apply()));
    expect(writes).toEqual({ 'entity.createEntity': 1 });
  });

  test("of another user's file is a copy of its file handle, with its name and type", async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject(copies.other)];
    const file = await copies.storeFile('data', from, { contentType: 'text/x-odd' });
    await copies.syn.changeMetadata(file.id, { downloadAs: 'Other Name.txt' });
    await copies.syn.setPermissions(from, 'ann', { accessType: ['READ', 'DOWNLOAD'] });
    const mapping = complete(await copies.other.copy(file.id, { to }));
    const copy = await copies.other.get(File, mapping.get(file.id) ?? '', { downloadFile: false });
    expect(copy.fileHandle).toMatchObject({
      fileName: 'Other Name.txt',
      contentType: 'text/x-odd',
    });
    expect(copy.dataFileHandleId).not.toBe(file.dataFileHandleId);
    expect(copy.name).toBe('data');
    expect(await textOf(copies.other, copy.id)).toBe('data');
  });

  test('of 250 files of another user takes three calls', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject(copies.other)];
    const names = Array.from({ length: 250 }, (_, index) => `f${index}`);
    await Promise.all(names.map((name) => copies.storeFile(name, from)));
    await copies.syn.setPermissions(from, 'ann', { accessType: ['READ', 'DOWNLOAD'] });
    const plan = await copies.other.planCopy(from, { to, setProvenance: 'none' });
    const writes = await copies.writesOf(async () => complete(await plan.apply()));
    expect(writes).toEqual({ 'file.copyFileHandleBatch': 3, 'entity.createEntity': 250 });
    expect(plan.totals.requests).toBe(253);
  });

  test('of a URL is the URL', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.syn.store(
      new File({ name: 'u', parentId: from, externalUrl: 'https://example.org/a.txt' }),
    );
    const mapping = complete(await copies.syn.copy(file, { to }));
    const copy = await copies.syn.get(File, mapping.get(file.id) ?? '', { downloadFile: false });
    expect(copy.externalUrl).toBe('https://example.org/a.txt');
  });
});

describe('a version', () => {
  test('is the one that is asked for, with its content and annotations', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.storeFile('v.txt', from, { text: 'one', annotations: { n: 1 } });
    await copies.storeFile('v.txt', from, { text: 'two', annotations: { n: 2 } });
    const mapping = complete(await copies.syn.copy(file.id, { to, version: 1 }));
    const copy = mapping.get(file.id) ?? '';
    expect(await textOf(copies.syn, copy)).toBe('one');
    expect(await copies.syn.getAnnotations(copy)).toEqual({ n: [1] });
    const activity = await copies.syn.getProvenance(copy);
    expect(activity?.used?.[0]).toMatchObject({ reference: { targetVersionNumber: 1 } });
  });

  test('can be in the id, or in a file that was read in it', async () => {
    const from = await copies.newProject();
    const file = await copies.storeFile('v.txt', from, { text: 'one' });
    await copies.storeFile('v.txt', from, { text: 'two' });
    const old = await copies.syn.get(File, `${file.id}.1`, { downloadFile: false });
    for (const source of [`${file.id}.1`, old]) {
      const mapping = complete(await copies.syn.copy(source, { to: await copies.newProject() }));
      expect(await textOf(copies.syn, mapping.get(file.id) ?? '')).toBe('one');
    }
    const latest = await copies.syn.get(File, file.id, { downloadFile: false });
    const mapping = complete(await copies.syn.copy(latest, { to: await copies.newProject() }));
    expect(await textOf(copies.syn, mapping.get(file.id) ?? '')).toBe('two');
  });

  test('of a folder is refused', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    await expect(copies.syn.copy(folder, { to, version: 1 })).rejects.toThrow(
      'only files are copied in a version',
    );
  });
});

describe('provenance', () => {
  test('existing is the activity of the source, also of a version', async () => {
    const from = await copies.newProject();
    const file = await copies.storeFile('p.txt', from, { text: 'one' });
    const first = await copies.syn.setProvenance(file.id, { name: 'First', used: 'https://a.org' });
    await copies.syn.store(
      new File({ name: 'p.txt', parentId: from, stream: new Blob(['two']).stream() }),
      { activityName: 'Second' },
    );
    const to = await copies.newProject();
    const options = { to, version: 1, setProvenance: 'existing' as const };
    const mapping = complete(await copies.syn.copy(file.id, options));
    expect((await copies.syn.getProvenance(mapping.get(file.id) ?? ''))?.id).toBe(first.id);
  });

  test.each([null, 'none', 'None'])('%s is none', async (setProvenance) => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.storeFile('n.txt', from);
    const mapping = complete(
      await copies.syn.copy(file.id, { to, setProvenance: setProvenance as 'none' }),
    );
    expect(await copies.syn.getProvenance(mapping.get(file.id) ?? '')).toBeUndefined();
  });

  test('of another name is refused', async () => {
    const given = { to: 'syn1', setProvenance: 'trace' as 'none' };
    await expect(copies.syn.copy('syn2', given)).rejects.toThrow(ArgumentError);
  });
});

describe('a taken name', () => {
  test('is an error before anything is written', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    for (const name of ['a', 'b', 'c']) await copies.storeFile(name, from);
    for (const name of ['b', 'c']) await copies.storeFile(name, to, { text: 'other' });
    const writes = await copies.writesOf(() =>
      expect(copies.syn.copy(from, { to })).rejects.toThrow(ConflictError),
    );
    expect(writes).toEqual({});
    await expect(copies.syn.copy(from, { to })).rejects.toThrow(
      /Nothing was copied:\n.*b: An entity named "b" already exists.*\n.*c: An entity named "c"/,
    );
  });

  test('is updated with updateExisting, with a new version for new content', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.storeFile('a', from, { text: 'new', annotations: { n: 1 } });
    const old = await copies.storeFile('a', to, { text: 'old', annotations: { kept: 'yes' } });
    const mapping = complete(await copies.syn.copy(file, { to, updateExisting: true }));
    expect(mapping.get(file.id)).toBe(old.id);
    const updated = await copies.syn.get(File, old.id, { downloadFile: false });
    expect(updated.versionNumber).toBe(2);
    expect(updated.annotations).toEqual({ n: [1], kept: ['yes'] });
    expect(await textOf(copies.syn, old.id)).toBe('new');
  });

  test('of another type is a conflict', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.storeFile('a', from);
    await copies.syn.store(new Folder({ name: 'a', parentId: to }));
    await expect(copies.syn.copy(file, { to, updateExisting: true })).rejects.toThrow('a folder');
  });

  test('is the file itself in its own folder', async () => {
    const from = await copies.newProject();
    const file = await copies.storeFile('a', from);
    await expect(copies.syn.copy(file, { to: from, updateExisting: true })).rejects.toThrow(
      'cannot be copied onto itself',
    );
  });
});

test('a second copy with updateExisting writes nothing', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const folder = await copies.syn.store(
    new Folder({ name: 'f', parentId: from, description: 'd', annotations: { x: [1.5] } }),
  );
  for (const name of ['a', 'b']) await copies.storeFile(name, folder.id, { annotations: { n: 1 } });
  complete(await copies.syn.copy(from, { to }));
  const writes = await copies.writesOf(async () => {
    const report = await copies.syn.copy(from, { to, updateExisting: true });
    expect(complete(report).size).toBe(4);
    expect(report.done).toEqual([]);
  });
  expect(writes).toEqual({});
});

test('annotations can be left out', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const file = await copies.storeFile('a', from, { annotations: { n: 1 } });
  const mapping = complete(await copies.syn.copy(file, { to, skipCopyAnnotations: true }));
  expect(await copies.syn.getAnnotations(mapping.get(file.id) ?? '')).toEqual({});
});
