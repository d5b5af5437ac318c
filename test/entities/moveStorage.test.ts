import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { AuthorizationError, File, Folder, Project } from '../../src/index.js';
import { useLocation } from '../storages/locations.js';
import { withClients } from './withClients.js';

const clients = withClients();

test('the content of a file moves to another location', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const path = await clients.file('moved.txt', 'content that moves');
  const file = await syn.store(new File({ path, parent: project }));
  const there = await syn.store(new Folder({ name: 'there', parent: project }));
  const storageLocationId = await useLocation(syn, there.id, {
    concreteType: 'org.sagebionetworks.repo.model.project.S3StorageLocationSetting',
  });

  const moving = clients.calls(() =>
    syn.storageLocations.copyFile(file.id, { storageLocationId }).then((id) => {
      file.dataFileHandleId = id;
      delete file.path;
    }),
  );
  expect(await moving).not.toContain('file.getFileHandleBatch');
  const moved = await syn.store(file);
  expect(moved.versionNumber).toBe(2);
  const again = await clients.open('alice');
  const got = await again.get(file.id);
  if (!(got instanceof File) || got.path === undefined) throw new Error('no file');
  expect(await readFile(got.path, 'utf8')).toBe('content that moves');
  expect(got.fileHandle).toMatchObject({ storageLocationId, fileName: 'moved.txt' });
});

test('content that cannot be copied is refused', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const options = { storageLocationId: 1 };
  await expect(syn.storageLocations.copyFile(project.id, options)).rejects.toThrow('is not a file');
  const link = await syn.store(
    new File({ externalUrl: 'https://example.org/x', name: 'x', parent: project }),
  );
  await expect(syn.storageLocations.copyFile(link.id, options)).rejects.toThrow(
    'is in a storage that does not copy to others: download it',
  );
});

test('a large upload that Synapse would refuse in the end is refused before its first byte', async () => {
  const alice = await clients.open('alice');
  const project = await clients.project(alice);
  const path = await clients.file('large.bin', Buffer.alloc(8 * 1024 * 1024 + 1, 1));
  const file = await alice.store(
    new File({ path: await clients.file('small.txt', 'small'), parent: project }),
  );
  await alice.setPermissions(project.id, clients.server.users.bob.userId, { accessType: ['READ'] });

  const refusal = async (
    user: 'bob' | 'carol',
    entity: () => File,
  ): Promise<{ message: string; calls: string[] }> => {
    const syn = await clients.open(user);
    let message = '';
    const calls = await clients.calls(() =>
      syn.store(entity()).catch((error: unknown) => {
        if (!(error instanceof AuthorizationError)) throw error;
        ({ message } = error);
      }),
    );
    return { message, calls };
  };
  const inProject = await refusal('bob', () => new File({ path, parent: project }));
  expect(inProject.message).toContain(
    `in ${project.id}: you lack the CREATE permission. Its page, `,
  );
  const newVersion = await refusal('bob', () => new File({ path, id: file.id }));
  expect(newVersion.message).toContain(`in ${file.id}: you lack the UPDATE permission.`);
  const carol = await clients.open('carol');
  const own = await carol.store(new Project({ name: 'Of carol alone' }));
  const uncertified = await refusal('carol', () => new File({ path, parent: own }));
  expect(uncertified.message).toMatch(/Only certified users .* take the quiz/);
  for (const { calls } of [inProject, newVersion, uncertified]) {
    expect(calls.filter((name) => name.startsWith('file.'))).toEqual([]);
  }
});
