import { describe, expect, test } from '@jest/globals';
import { ArgumentError, File, Folder, Link, Project } from '../../src/index.js';
import { complete, treeOf, withCopies } from './copies.js';

const copies = withCopies();

describe('left out, and said', () => {
  test('is a file that the caller may not download', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject(copies.other)];
    await copies.syn.setPermissions(from, 'ann', { accessType: ['READ', 'DOWNLOAD'] });
    const folder = await copies.syn.store(new Folder({ name: 'closed', parentId: from }));
    await copies.storeFile('inside', folder.id);
    const file = await copies.storeFile('open', from);
    const secret = await copies.storeFile('secret', from);
    await copies.syn.setPermissions(folder, 'ann', { accessType: ['READ'] });
    await copies.syn.setPermissions(secret, 'ann', { accessType: ['READ'] });
    const told: string[] = [];
    const onLeftOut = ({ path }: { path: string }): void => void told.push(path);
    const report = await copies.other.copy(from, { to, onLeftOut });
    expect(report.leftOut.map(({ id, because }) => [id, because])).toEqual([
      [folder.id, 'permission'],
      [secret.id, 'permission'],
    ]);
    expect(report.leftOut[0]?.reason).toBe('you may not download it, so nothing in it is copied');
    expect(told).toEqual(report.leftOut.map(({ path }) => path));
    expect(report.failures).toEqual([]);
    expect(Object.keys(report.mapping)).toEqual([from, file.id]);
    expect(await treeOf(copies.other, to)).toEqual(['open FileEntity']);
  });

  test('is a file with access requirements', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const stream = new Blob(['x']).stream();
    const file = await copies.syn.store(new File({ name: 'locked', parentId: from, stream }), {
      isRestricted: true,
    });
    const report = await copies.syn.copy(file, { to });
    expect(report.leftOut).toMatchObject([{ id: file.id, because: 'restricted' }]);
    expect(report.mapping).toEqual({});
  });

  test('is a Docker repository', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const docker = await copies.syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.docker.DockerRepository',
        parentId: from,
        repositoryName: 'example.org/image',
      },
    });
    const report = await copies.syn.copy(from, { to });
    expect(report.leftOut).toMatchObject([
      { id: docker.id, because: 'type', reason: expect.stringContaining('Docker') as unknown },
    ]);
  });

  test('is what is excluded, which is not read', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const file = await copies.storeFile('a', folder.id);
    const calls = await copies.callsOf(async () => {
      const report = await copies.syn.copy(from, { to, excludeTypes: ['file', 'table'] });
      expect(report.leftOut).toMatchObject([{ id: file.id, because: 'excluded' }]);
    });
    expect(calls['entityBundle.getEntityBundle']).toBe(3);
    await expect(copies.syn.copy(from, { to, excludeTypes: ['folder'] as never })).rejects.toThrow(
      ArgumentError,
    );
  });

  test('is a dead link', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const elsewhere = await copies.newProject();
    const gone = await copies.storeFile('gone', elsewhere);
    const link = await copies.syn.store(new Link({ name: 'l', parentId: from, target: gone }));
    await copies.syn.delete(gone);
    const report = await copies.syn.copy(from, { to });
    expect(report.leftOut).toMatchObject([{ id: link.id, because: 'deadLink' }]);
  });
});

describe('refused', () => {
  test('is a project into itself, a folder into what is in it, and into a file', async () => {
    const from = await copies.newProject();
    const outer = await copies.syn.store(new Folder({ name: 'o', parentId: from }));
    const inner = await copies.syn.store(new Folder({ name: 'i', parentId: outer.id }));
    const file = await copies.storeFile('a', from);
    for (const [source, to] of [
      [from, from],
      [outer.id, outer.id],
      [outer.id, inner.id],
      [outer.id, file.id],
      [from, inner.id],
    ] as const) {
      const writes = await copies.writesOf(() =>
        expect(copies.syn.copy(source, { to })).rejects.toThrow(ArgumentError),
      );
      expect(writes).toEqual({});
    }
  });

  test('is a copy without a destination, or with two', async () => {
    await expect(copies.syn.copy('syn1', {})).rejects.toThrow('Nothing says where to copy to');
    await expect(copies.syn.copy('syn1', { to: 'syn2', destinationId: 'syn3' })).rejects.toThrow(
      'differ',
    );
  });

  test('is a destination that the caller may not write to, before anything is written', async () => {
    const [from, to] = [await copies.newProject(copies.other), await copies.newProject()];
    await copies.syn.setPermissions(to, 'ann', { accessType: ['READ', 'DOWNLOAD'] });
    await copies.other.store(new Folder({ name: 'f', parentId: from }));
    const plan = await copies.other.planCopy(from, { to });
    expect(plan.problems).toMatchObject([{ id: to }]);
    const writes = await copies.writesOf(() =>
      expect(plan.apply()).rejects.toThrow('may not create'),
    );
    expect(writes).toEqual({});
  });
});

test('a folder is copied into the folder that has it, when the name is free', async () => {
  const from = await copies.newProject();
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) => copies.syn.store(new Folder({ name, parentId: from }))),
  );
  await copies.storeFile('x', a?.id ?? '');
  complete(await copies.syn.copy(a ?? '', { to: b?.id ?? '' }));
  expect(await treeOf(copies.syn, from)).toEqual([
    'a Folder',
    'a/x FileEntity',
    'b Folder',
    'b/a Folder',
    'b/a/x FileEntity',
  ]);
});

test('the annotations of a project are added to those of the other one, the rest of it stays', async () => {
  const from = await copies.syn.store(
    new Project({ name: 'With annotations', description: 'one', annotations: { a: 1, b: 1 } }),
  );
  const to = await copies.syn.store(
    new Project({ name: 'With others', description: 'two', annotations: { b: 2, c: 2 } }),
  );
  complete(await copies.syn.copy(from, { to }));
  const { annotations, description, name } = await copies.syn.get(Project, to.id);
  expect(annotations).toEqual({ a: [1], b: [1], c: [2] });
  expect([name, description]).toEqual(['With others', 'two']);
});
