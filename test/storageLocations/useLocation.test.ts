import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  type Project,
  type StorageLocation,
  type StorageLocationRef,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
afterEach(() => clients.server.conditions.reset());

let count = 0;
async function study(): Promise<{
  syn: Synapse;
  project: Project & Stored;
  folder: Folder & Stored;
  locations: StorageLocation[];
}> {
  count += 1;
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const folder = await syn.store(new Folder({ name: 'raw', parent: project }));
  const keys = [`a${count}`, `b${count}`];
  const locations = await Promise.all(
    keys.map((baseKey) =>
      syn.storageLocations.create({ kind: 'externalS3', bucket: 'lab-data', baseKey }),
    ),
  );
  return { syn, project, folder, locations };
}

function idsOf(locations: readonly StorageLocation[]): number[] {
  return locations.map(({ storageLocationId }) => storageLocationId);
}

async function storedAt(syn: Synapse, parent: Folder | Project, name: string): Promise<unknown> {
  const path = await clients.file(name, `content of ${name} ${count}`);
  const { fileHandle } = await syn.store(new File({ path, parent: parent.id ?? '' }));
  return fileHandle?.storageLocationId;
}

describe('use', () => {
  test('creates a setting, changes it, and sends nothing when it is as wanted', async () => {
    const { syn, project, locations } = await study();
    const [one, two] = idsOf(locations);
    const created = await syn.storageLocations.use(project, locations);
    expect(created).toMatchObject({ projectId: project.id, locations: [one, two] });
    const changing = (location: StorageLocationRef | null): Promise<string[]> =>
      clients.calls(() => syn.storageLocations.use(project.id, location));
    expect(await changing(locations[1] ?? null)).toEqual([
      'projectSettings.getProjectSettingByType',
      'projectSettings.updateProjectSetting',
    ]);
    expect(await changing(String(two))).toEqual(['projectSettings.getProjectSettingByType']);
    expect(await syn.projectSettings.get(project)).toMatchObject({ locations: [two] });
    const toDefault = await syn.storageLocations.use(project, null);
    expect(toDefault).toEqual({
      ...created,
      etag: undefined,
      locations: [1],
    });
    expect(await syn.projectSettings.get(project)).toMatchObject({ locations: [1] });
  });

  test('applies to the next upload, also after an earlier one to the same container', async () => {
    const { syn, project, folder, locations } = await study();
    const [one, two] = idsOf(locations);
    expect(await storedAt(syn, folder, 'first.txt')).toBe(1);
    await syn.storageLocations.use(project, one ?? null);
    expect(await storedAt(syn, folder, 'second.txt')).toBe(one);
    await syn.storageLocations.use(folder, two ?? null);
    expect(await storedAt(syn, folder, 'third.txt')).toBe(two);
    expect(await storedAt(syn, project, 'third.txt')).toBe(one);
    await syn.storageLocations.reset(folder);
    expect(await storedAt(syn, folder, 'fourth.txt')).toBe(one);
    const setting = await syn.projectSettings.get(project);
    // Changes by raw calls of the same client count, too.
    await syn.services.projectSettings.deleteProjectSetting({ id: setting?.id ?? '' });
    expect(await storedAt(syn, folder, 'fifth.txt')).toBe(1);
  });

  test('of the new container applies after a folder was moved', async () => {
    const { syn, project, folder, locations } = await study();
    const other = await clients.project(syn);
    await syn.storageLocations.use(other, locations[0] ?? null);
    expect(await storedAt(syn, folder, 'first.txt')).toBe(1);
    await syn.move(folder, other);
    expect(await storedAt(syn, folder, 'second.txt')).toBe(idsOf(locations)[0]);
    const moved = await syn.get(Folder, folder.id);
    moved.parentId = project.id;
    await syn.store(moved);
    expect(await storedAt(syn, folder, 'third.txt')).toBe(1);
  });

  test('adds to the locations that apply, of the container or of one above', async () => {
    const { syn, project, folder, locations } = await study();
    const [one, two] = idsOf(locations);
    await syn.storageLocations.use(project, [one ?? 0, 1]);
    const added = await syn.storageLocations.use(folder, two ?? 0, { add: true });
    expect(added).toMatchObject({ projectId: folder.id, locations: [one, 1, two] });
    const again = await syn.storageLocations.use(folder, [1, two ?? 0], { add: true });
    expect(again).toMatchObject({ locations: [one, 1, two] });
    const other = await clients.project(syn);
    const first = await syn.storageLocations.use(other, one ?? 0, { add: true });
    expect(first).toMatchObject({ locations: [1, one] });
  });

  test.each<[StorageLocationRef[] | StorageLocationRef, string]>([
    [[], 'The list of storage locations is empty. Pass null'],
    [[1, '1'], 'Storage location 1 is given twice'],
    [Array.from({ length: 11 }, (_, index) => index + 1), 'can use 10 storage locations, not 11'],
    ['default', '"default" is not the id of a storage location'],
    [{}, 'is not the id of a storage location'],
  ])('refuses %j before anything is sent', async (location, message) => {
    const syn = await clients.open('alice');
    const calls = await clients.calls(async () => {
      const using = syn.storageLocations.use('syn123', location);
      await expect(using).rejects.toThrow(ArgumentError);
      await expect(using).rejects.toThrow(message);
    });
    expect(calls).toEqual([]);
  });

  test('says which permission is missing, and who can give it', async () => {
    const { syn, project } = await study();
    const bob = await clients.open('bob');
    await syn.setPermissions(project.id, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
    const location = await bob.storageLocations.create({ kind: 'synapseS3' });
    const using = (): Promise<unknown> => bob.storageLocations.use(project, location);
    await expect(using()).rejects.toThrow(AuthorizationError);
    await expect(using()).rejects.toThrow(
      `You lack the CREATE permission on ${project.id}. Its page`,
    );
    await syn.storageLocations.use(project, null);
    await expect(using()).rejects.toThrow(`You lack the UPDATE permission on ${project.id}`);
    await expect(bob.storageLocations.reset(project)).rejects.toThrow('lack the DELETE permission');
    const missing = 'syn999999999';
    await expect(bob.storageLocations.use(missing, null)).rejects.toMatchObject({ status: 404 });
  });

  test('reports a location of another user, one that does not exist, and what is not a container', async () => {
    const { syn, project, folder, locations } = await study();
    const bob = await clients.open('bob');
    await syn.setPermissions(project.id, 'bob', { accessType: 'edit' });
    const [one] = idsOf(locations);
    const using = bob.storageLocations.use(project, one ?? 0);
    await expect(using).rejects.toThrow('Only the owner of the external S3 upload destination');
    await expect(using).rejects.not.toThrow('You lack');
    await expect(syn.storageLocations.use(folder, 999_999)).rejects.toThrow(
      `Nothing was changed: ${folder.id} was to use storage location 999999.`,
    );
    const path = await clients.file('a.txt', 'a');
    const file = await syn.store(new File({ path, parent: folder }));
    await expect(syn.storageLocations.use(file, one ?? 0)).rejects.toThrow(
      'is not the id of a project or folder',
    );
  });

  test('enables temporary credentials only for an empty folder, in the words of the service', async () => {
    const { syn, project } = await study();
    const sts = await syn.storageLocations.create({ kind: 'synapseS3', stsEnabled: true });
    await expect(syn.storageLocations.use(project, sts)).rejects.toThrow(
      'Can only enable STS on a folder',
    );
    const empty = await syn.store(new Folder({ name: 'empty', parent: project }));
    await syn.storageLocations.use(empty, sts);
    const token = await syn.storageLocations.getStsToken(empty, { permission: 'read_only' });
    expect(token).toMatchObject({ baseKey: sts.kind === 'synapseS3' ? sts.baseKey : '' });
    await storedAt(syn, empty, 'a.txt');
    await expect(syn.storageLocations.use(empty, null)).rejects.toThrow(
      "Can't disable STS in a non-empty folder",
    );
  });

  test('drops credentials of the location that applied before', async () => {
    const { syn, project } = await study();
    const folder = await syn.store(new Folder({ name: 'sts', parent: project }));
    const location = (baseKey: string): Promise<StorageLocation> =>
      syn.storageLocations.create({
        kind: 'externalS3',
        bucket: 'lab-sts',
        baseKey,
        stsEnabled: true,
      });
    const token = (): Promise<{ baseKey?: string }> =>
      syn.storageLocations.getStsToken(folder, { permission: 'read_write' });
    await syn.storageLocations.use(folder, await location('one'));
    expect(await token()).toMatchObject({ baseKey: 'one' });
    await syn.storageLocations.reset(folder);
    await syn.storageLocations.use(folder, await location('two'));
    expect(await token()).toMatchObject({ baseKey: 'two' });
  });
});

const losses = {
  'handled, and its answer lost': { loseAnswer: true },
  'lost on the way': { dropRequestAt: 0 },
  'given up by a gateway': { status: 504 },
} as const;

describe.each(Object.keys(losses) as (keyof typeof losses)[])('a request that is %s', (loss) => {
  const lose = (name: string): void => {
    const operation = `projectSettings.${name}`;
    clients.server.conditions.set({ faults: [{ operation, times: 1, ...losses[loss] }] });
  };

  test.each(['createProjectSetting', 'updateProjectSetting'])('does %s once', async (name) => {
    const { syn, project, locations } = await study();
    if (name === 'updateProjectSetting') await syn.storageLocations.use(project, null);
    lose(name);
    const setting = await syn.storageLocations.use(project, locations);
    expect(setting).toMatchObject({ projectId: project.id, locations: idsOf(locations) });
    expect(await syn.projectSettings.get(project)).toMatchObject({ locations: idsOf(locations) });
  });

  test('creates a location once', async () => {
    const syn = await clients.open('alice');
    lose('createStorageLocation');
    const input = {
      kind: 'externalS3',
      bucket: 'lab-lost',
      baseKey: loss.length.toString(),
    } as const;
    const location = await syn.storageLocations.create(input);
    clients.server.conditions.reset();
    expect(await syn.storageLocations.create(input)).toEqual(location);
  });

  test('resets once', async () => {
    const { syn, project } = await study();
    await syn.storageLocations.use(project, null);
    lose('deleteProjectSetting');
    expect(await syn.storageLocations.reset(project)).toBe(true);
    expect(await syn.storageLocations.reset(project)).toBe(false);
  });
});

test('an abort ends the call with its reason', async () => {
  const { syn, project } = await study();
  const reason = new Error('stopped');
  const signal = AbortSignal.abort(reason);
  await expect(syn.storageLocations.use(project, null, { signal })).rejects.toBe(reason);
  await expect(syn.storageLocations.of(project, { signal })).rejects.toBe(reason);
  await expect(syn.storageLocations.create({ kind: 'synapseS3' }, { signal })).rejects.toBe(reason);
});

describe('at the same time', () => {
  test('of two that set a location at once, both succeed, and one of them is last', async () => {
    const { syn, project, locations } = await study();
    const other = await clients.open('alice');
    const results = await Promise.all([
      syn.storageLocations.use(project, locations[0] ?? null),
      other.storageLocations.use(project, locations[1] ?? null),
    ]);
    expect(results.map((setting) => setting.locations)).toEqual(idsOf(locations).map((id) => [id]));
    const [last] = (await syn.projectSettings.get(project))?.locations ?? [];
    expect(idsOf(locations)).toContain(last);
  });

  test('of two that add a location at once, neither is lost', async () => {
    const { syn, project, locations } = await study();
    const other = await clients.open('alice');
    await syn.storageLocations.use(project, null);
    await Promise.all([
      syn.storageLocations.use(project, locations[0] ?? null, { add: true }),
      other.storageLocations.use(project, locations[1] ?? null, { add: true }),
    ]);
    const after = (await syn.projectSettings.get(project))?.locations ?? [];
    expect([...after].sort()).toEqual([1, ...idsOf(locations)].sort());
  });
});

describe('of', () => {
  test('tells the destinations, and the container whose setting applies', async () => {
    const { syn, project, folder, locations } = await study();
    const [one] = idsOf(locations);
    const inner = await syn.store(new Folder({ name: 'inner', parent: folder }));
    expect(await syn.storageLocations.of(inner)).toMatchObject({
      id: inner.id,
      projectId: project.id,
      locations: [{ storageLocationId: 1, uploadType: 'S3' }],
    });
    expect((await syn.storageLocations.of(inner)).setBy).toBeUndefined();
    const proxy = await syn.storageLocations.create({
      kind: 'proxy',
      proxyUrl: 'https://proxy.example.org',
      secretKey: 'x'.repeat(36),
      description: 'behind a proxy',
    });
    await syn.storageLocations.use(project, [one ?? 0, proxy]);
    const found = await syn.storageLocations.of(inner);
    expect(found).toMatchObject({
      setBy: { id: project.id, name: project.name },
      setting: { projectId: project.id },
      locations: [
        { storageLocationId: one, destination: { bucket: 'lab-data', baseKey: `a${count}` } },
        { uploadType: 'PROXYLOCAL', description: 'behind a proxy' },
      ],
    });
    expect(found.locations[1]).not.toHaveProperty('destination');
    await syn.storageLocations.use(folder, null);
    expect(await syn.storageLocations.of(inner)).toMatchObject({ setBy: { id: folder.id } });
    expect(await syn.storageLocations.of(folder)).toMatchObject({ setBy: { id: folder.id } });
    const path = await clients.file('a.txt', 'a');
    const file = await syn.store(new File({ path, parent: inner }));
    expect(await syn.storageLocations.of(file)).toMatchObject({ setBy: { id: folder.id } });
  });

  test('asks only for what it needs', async () => {
    const { syn, folder } = await study();
    await syn.storageLocations.use(folder, null);
    const calls = await clients.calls(() => syn.storageLocations.of(folder));
    expect(calls.sort()).toEqual([
      'entity.getEntityPath',
      'file.getUploadDestination',
      'file.listUploadDestinationLocations',
      'projectSettings.getProjectSettingByType',
    ]);
  });

  test('tells when a setting above may not be read', async () => {
    const { syn, project, folder, locations } = await study();
    await syn.storageLocations.use(project, locations[0] ?? null);
    const bob = await clients.open('bob');
    await syn.setPermissions(folder.id, 'bob', { accessType: 'download' });
    const found = await bob.storageLocations.of(folder);
    expect(found).toMatchObject({
      unreadable: { id: project.id },
      locations: [{ storageLocationId: idsOf(locations)[0] }],
    });
    expect(found.setBy).toBeUndefined();
    await expect(bob.storageLocations.of(project)).rejects.toMatchObject({ status: 403 });
  });
});

test('of and usage read a public project without a login', async () => {
  const { syn, project, locations } = await study();
  await syn.storageLocations.use(project, locations[0] ?? null);
  await syn.setPermissions(project.id, 'PUBLIC');
  const anonymous = await clients.open();
  expect(await anonymous.storageLocations.of(project)).toMatchObject({
    setBy: { id: project.id },
    locations: [{ storageLocationId: idsOf(locations)[0] }],
  });
  expect(await anonymous.storageLocations.usage(project)).toMatchObject({ projectId: project.id });
});

test('usage counts the bytes of all versions by location', async () => {
  const { syn, project, folder, locations } = await study();
  const [one] = idsOf(locations);
  await syn.store(new File({ path: await clients.file('a.txt', '12345'), parent: project }));
  await syn.storageLocations.use(folder, one ?? 0);
  const path = await clients.file('b.txt', '123');
  const file = await syn.store(new File({ path, parent: folder }));
  const next = new File({ path: await clients.file('b.txt', '1234'), id: file.id });
  await syn.store(next);
  const { admin } = clients.server.users;
  const act = await clients.open('admin');
  expect(admin.userId).toBeDefined();
  await act.services.projectStorage.setProjectStorageLimit({
    projectId: project.id,
    body: { projectId: project.id, storageLocationId: one ?? 0, maxAllowedFileBytes: 6 },
  });
  expect(await syn.storageLocations.usage(project)).toMatchObject({
    projectId: project.id,
    locations: [
      { storageLocationId: 1, sumFileBytes: 5, isOverLimit: false },
      { storageLocationId: one, sumFileBytes: 7, maxAllowedFileBytes: 6, isOverLimit: true },
    ],
  });
  await expect(syn.storageLocations.usage(folder)).rejects.toThrow(
    `counted for whole projects: ${folder.id} is in ${project.id} (${project.name}).`,
  );
});

describe('createS3Folder', () => {
  test('creates a folder, a location and the setting', async () => {
    const { syn, project } = await study();
    const made = await syn.storageLocations.createS3Folder({
      parent: project,
      folderName: 'sequences',
      stsEnabled: true,
    });
    expect(made).toMatchObject({
      location: { kind: 'synapseS3', stsEnabled: true },
      setting: { projectId: made.folderId, locations: [made.location.storageLocationId] },
    });
    expect(await syn.get(made.folderId)).toMatchObject({ name: 'sequences', parentId: project.id });
    const again = await syn.storageLocations.createS3Folder({
      parent: project,
      folderName: 'sequences',
      stsEnabled: false,
      description: 'plain',
    });
    expect(again).toMatchObject({ folderId: made.folderId, setting: { id: made.setting.id } });
  });

  test('needs no call more than the three that create', async () => {
    const { syn, project } = await study();
    const input = { parent: project, folderName: 'three' };
    expect(await clients.calls(() => syn.storageLocations.createS3Folder(input))).toEqual([
      'projectSettings.createStorageLocation',
      'entity.createEntity',
      'projectSettings.createProjectSetting',
    ]);
  });

  test('uses an existing folder, and a bucket', async () => {
    const { syn, folder } = await study();
    const made = await syn.storageLocations.createS3Folder({
      folder,
      bucket: 'lab-data',
      baseKey: 'x',
    });
    expect(made).toMatchObject({
      folderId: folder.id,
      location: { kind: 'externalS3', bucket: 'lab-data', baseKey: 'x' },
    });
  });

  test.each([
    [{}, 'Give the folder, or folderName and parent'],
    [{ folderName: 'a' }, 'Give the folder, or folderName and parent'],
    [{ folder: 'syn1', folderName: 'a' }, 'Give either folder, or folderName and parent'],
    [{ folder: 'syn1', baseKey: 'a' }, 'of the kind synapseS3 has no baseKey'],
    [{ parent: 'one', folderName: 'a' }, 'is not a Synapse id'],
  ])('refuses %j before anything is sent', async (input, message) => {
    const syn = await clients.open('alice');
    const calls = await clients.calls(() =>
      expect(syn.storageLocations.createS3Folder(input)).rejects.toThrow(message),
    );
    expect(calls).toEqual([]);
  });
});
