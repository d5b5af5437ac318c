import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';
import { createLocation, setLocations, type Location } from './storageSettings.js';

const server = withSessions();
const messages = {
  noSts: 'Entity must have an STS-enabled storage location',
  onlySame:
    'Files in STS-enabled storage locations can only be placed in folders with the same storage location',
  acceptsSame:
    'Folders with STS-enabled storage locations can only accept files with the same storage location',
  nested: 'Cannot place an STS-enabled folder inside another STS-enabled folder',
  onlySameFolders:
    'Folders in STS-enabled storage locations can only be placed in folders with the same storage location',
  notSts: 'Non-STS-enabled folders cannot be placed inside STS-enabled folders',
} as const;

/** Kinds of places: with credentials, with other credentials, with another setting, without one. */
type Kind = 'sts' | 'otherSts' | 'plain' | 'none';
const locations = new Map<Kind, Location>();
let projectId: string;
let count = 0;
beforeAll(async () => {
  const { alice } = server;
  projectId = (await alice.create('project', {})).id;
  const sts = (baseKey: string): Promise<Location> =>
    createLocation(alice, 'externalS3', { bucket: 'sts-manager', baseKey, stsEnabled: true });
  locations.set('sts', await sts('one'));
  locations.set('otherSts', await sts('two'));
  locations.set('plain', await createLocation(alice, 's3', {}));
});

/** A folder of a kind. */
async function folderOf(kind: Kind, parentId = projectId): Promise<Stored> {
  count += 1;
  const folder = await server.alice.create('folder', { parentId, name: `folder ${count}` });
  const location = locations.get(kind);
  if (location !== undefined) await setLocations(server.alice, folder.id, [location]);
  return folder;
}

const credentials = (id: string, permission: M.StsPermission = 'read_only'): Promise<Answer> =>
  server.alice.get(`/entity/${id}/sts?permission=${permission}`);

/** Adds a file of a kind to a folder of a kind. */
async function addFile(file: Kind, folder: Kind): Promise<Answer> {
  count += 1;
  const location = locations.get(file);
  const { id } = await uploadFile(server.alice, Buffer.from(`file ${count}`), {
    ...(location && { storageLocationId: location.storageLocationId }),
  });
  return server.alice.post('/entity', {
    concreteType: 'org.sagebionetworks.repo.model.FileEntity',
    parentId: (await folderOf(folder)).id,
    name: 'file',
    dataFileHandleId: id,
  });
}

/** Moves a folder, which has a setting itself or is in one that has, to a folder of a kind. */
async function moveFolder(from: Kind, isRoot: boolean, to: Kind): Promise<Answer> {
  const root = await folderOf(from);
  const moved = isRoot ? root : await folderOf('none', root.id);
  return server.alice.put(`/entity/${moved.id}`, {
    ...(await server.alice.read(moved.id)),
    parentId: (await folderOf(to)).id,
  });
}

const created = expect.objectContaining({ status: 201 }) as unknown;
const moved = expect.objectContaining({ status: 200 }) as unknown;
const refused = (message: string): object => refusal(400, message);

describe('StsManagerImplTest', () => {
  test('getTemporaryCredentials_noProjectSetting: a folder without a setting has no credentials', async () => {
    expect(await credentials((await folderOf('none')).id)).toEqual(refused(messages.noSts));
  });

  test('getTemporaryCredentials_notSts: a folder with another location has no credentials', async () => {
    expect(await credentials((await folderOf('plain')).id)).toEqual(refused(messages.noSts));
  });

  test.each(['read_only', 'read_write'] as const)(
    'getTemporaryCredentials_readOnly: %s credentials are for the whole bucket without a base key',
    async (permission) => {
      const folder = await folderOf('none');
      const location = await createLocation(server.alice, 'externalS3', {
        bucket: `sts-whole-${permission.replace('_', '-')}`,
        stsEnabled: true,
      });
      await setLocations(server.alice, folder.id, [location]);
      const { status, body } = await credentials(folder.id, permission);
      expect([status, body]).toMatchObject([
        200,
        { accessKeyId: expect.any(String), secretAccessKey: expect.any(String) },
      ]);
      expect(body).toMatchObject({ bucket: expect.stringMatching(/^sts-whole-read-/) });
      expect(body).not.toHaveProperty('baseKey');
    },
  );

  test('getTemporaryCredentials_readWrite: who may not write gets no credentials to write', async () => {
    const folder = await folderOf('sts');
    expect(await credentials(folder.id, 'read_write')).toMatchObject({ status: 200 });
    expect(await server.bob.get(`/entity/${folder.id}/sts?permission=read_write`)).toMatchObject({
      status: 403,
    });
  });

  test('getTemporaryCredentials_withBaseKey: credentials are for the folder of the bucket', async () => {
    expect((await credentials((await folderOf('sts')).id)).body).toMatchObject({
      bucket: 'sts-manager',
      baseKey: 'one',
      sessionToken: expect.any(String),
      expiration: expect.any(String),
    });
  });

  test('getTemporaryCredentials_synapseStorage: the storage of Synapse has credentials to read', async () => {
    const folder = await folderOf('none');
    const location = await createLocation(server.alice, 's3', { stsEnabled: true });
    await setLocations(server.alice, folder.id, [location]);
    const { baseKey } = location as { baseKey?: string };
    expect((await credentials(folder.id)).body).toMatchObject({ baseKey });
  });

  test('getTemporaryCredentials_synapseStorageCantReadWrite: the storage of Synapse has none to write', async () => {
    const folder = await folderOf('none');
    const location = await createLocation(server.alice, 's3', { stsEnabled: true });
    await setLocations(server.alice, folder.id, [location]);
    expect(await credentials(folder.id, 'read_write')).toEqual(
      refused('STS write access is not allowed in Synapse storage'),
    );
  });

  test('validateCanAddFile_StsFileInSameStsParent: a file may be in a folder of its location', async () => {
    expect(await addFile('sts', 'sts')).toEqual(created);
  });

  test('validateCanAddFile_StsFileInDifferentStsParent: a file may not be in a folder of another location', async () => {
    expect(await addFile('sts', 'otherSts')).toEqual(refused(messages.onlySame));
  });

  test('validateCanAddFile_StsFileInNonStsParent: a file with credentials may not be in a folder without', async () => {
    expect(await addFile('sts', 'plain')).toEqual(refused(messages.onlySame));
  });

  test('validateCanAddFile_StsFileInParentWithoutProjectSettings: nor in a folder without a setting', async () => {
    expect(await addFile('sts', 'none')).toEqual(refused(messages.onlySame));
  });

  test('validateCanAddFile_NonStsFileInStsParent: a folder with credentials has only files of its location', async () => {
    expect(await addFile('plain', 'sts')).toEqual(refused(messages.acceptsSame));
  });

  test('validateCanAddFile_NonStsFileInNonStsParent: other files may be in other folders', async () => {
    expect(await addFile('plain', 'plain')).toEqual(created);
  });

  test('validateCanAddFile_NonStsFileInParentWithoutProjectSettings: other files may be in folders without a setting', async () => {
    expect(await addFile('plain', 'none')).toEqual(created);
  });

  test('validateCanAddFile_FileWithoutStorageLocationInStsParent: a file of the default location may not be in a folder with credentials', async () => {
    expect(await addFile('none', 'sts')).toEqual(refused(messages.acceptsSame));
  });

  test('validateCanMoveFolder_NotMoved: a folder that stays may be changed', async () => {
    const folder = await folderOf('sts');
    const changed = { ...folder, description: 'changed' };
    expect(await server.alice.put(`/entity/${folder.id}`, changed)).toEqual(moved);
  });

  test('validateCanMoveFolder_moveRootStsFolderToParentWithoutProjectSettings: a folder with its own credentials may move to one without a setting', async () => {
    expect(await moveFolder('sts', true, 'none')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveRootStsFolderToNonStsParent: it may move to one with another setting', async () => {
    expect(await moveFolder('sts', true, 'plain')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveRootStsFolderToDifferentStsParent: it may not move to one with other credentials', async () => {
    expect(await moveFolder('sts', true, 'otherSts')).toEqual(refused(messages.nested));
  });

  test('validateCanMoveFolder_moveRootStsFolderToSameStsParent: it may not move to one with the same credentials', async () => {
    expect(await moveFolder('sts', true, 'sts')).toEqual(refused(messages.nested));
  });

  test('validateCanMoveFolder_moveRootNonStsFolderToParentWithoutProjectSettings: a folder with another setting may move to one without', async () => {
    expect(await moveFolder('plain', true, 'none')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveRootNonStsFolderToNonStsParent: it may move to one with a setting', async () => {
    expect(await moveFolder('plain', true, 'plain')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveRootNonStsFolderToStsParent: it may not move to one with credentials', async () => {
    expect(await moveFolder('plain', true, 'sts')).toEqual(refused(messages.notSts));
  });

  test('validateCanMoveFolder_moveNonRootStsFolderToParentWithoutProjectSettings: a folder below credentials may not leave them', async () => {
    expect(await moveFolder('sts', false, 'none')).toEqual(refused(messages.onlySameFolders));
  });

  test('validateCanMoveFolder_moveNonRootStsFolderToNonStsParent: it may not move to one with another setting', async () => {
    expect(await moveFolder('sts', false, 'plain')).toEqual(refused(messages.onlySameFolders));
  });

  test('validateCanMoveFolder_moveNonRootStsFolderToDifferentStsParent: it may not move to one with other credentials', async () => {
    expect(await moveFolder('sts', false, 'otherSts')).toEqual(refused(messages.onlySameFolders));
  });

  test('validateCanMoveFolder_moveNonRootStsFolderToSameStsParent: it may move to one of the same location', async () => {
    expect(await moveFolder('sts', false, 'sts')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveNonRootNonStsFolderToParentWithoutProjectSettings: a folder below another setting may leave it', async () => {
    expect(await moveFolder('plain', false, 'none')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveNonRootNonStsFolderToNonStsParent: it may move to one with a setting', async () => {
    expect(await moveFolder('plain', false, 'plain')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveNonRootNonStsFolderToStsParent: it may not move below credentials', async () => {
    expect(await moveFolder('plain', false, 'sts')).toEqual(refused(messages.notSts));
  });

  test('validateCanMoveFolder_moveFolderWithoutProjectSettingsToParentWithoutProjectSettings: folders without settings may move', async () => {
    expect(await moveFolder('none', true, 'none')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveFolderWithoutProjectSettingsToNonStsParent: they may move to one with a setting', async () => {
    expect(await moveFolder('none', true, 'plain')).toEqual(moved);
  });

  test('validateCanMoveFolder_moveFolderWithoutProjectSettingsToStsParent: they may not move below credentials', async () => {
    expect(await moveFolder('none', true, 'sts')).toEqual(refused(messages.notSts));
  });
});
