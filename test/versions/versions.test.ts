import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  NotFoundError,
  PreconditionFailedError,
  Table,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

let count = 0;
/** A file with two versions, whose annotations and provenance differ. */
async function twoVersions(owner = syn, parent = project): Promise<File & Stored> {
  count += 1;
  const name = `weights-${count}.csv`;
  const first = await clients.file(name, `one ${count}`);
  const file = await owner.store(
    new File({ path: first, parent, annotations: { week: 1, so: 'já' } }),
    {
      versionLabel: 'day 1',
      activity: { name: 'Weigh', used: 'https://example.org/scale' },
    },
  );
  file.path = await clients.file(name, `two ${count}`);
  file.annotations = { week: [2] };
  return owner.store(file, { versionComment: 'after a wéek', activity: { name: 'Weigh again' } });
}

const textOf = async (id: string): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of await syn.download(id)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

describe('list', () => {
  test('gives the versions, the newest first, with what is known of each', async () => {
    const file = await twoVersions();
    const versions = await syn.versions.list(file).toArray();
    expect(versions).toEqual([
      expect.objectContaining({
        id: file.id,
        versionNumber: 2,
        versionLabel: '2',
        versionComment: 'after a wéek',
        isLatestVersion: true,
        modifiedBy: 'alice',
        contentMd5: file.fileHandle?.contentMd5,
        contentSize: `two ${count}`.length,
      }),
      expect.objectContaining({ versionNumber: 1, versionLabel: 'day 1', isLatestVersion: false }),
    ]);
    const [, old] = versions;
    if (old === undefined) throw new Error('no version');
    expect(await syn.get(File, old, { downloadFile: false })).toMatchObject({
      versionLabel: 'day 1',
    });
  });

  test('reads many versions in pages', async () => {
    const file = await twoVersions();
    for (let number = 3; number <= 102; number += 1)
      await syn.store(file, { versionComment: `v${number}` });
    const calls = await clients.calls(async () => {
      expect(await syn.versions.list(file.id).toArray()).toHaveLength(102);
    });
    expect(calls).toEqual(['entity.listEntityVersions', 'entity.listEntityVersions']);
  });

  test('gives one version of what has no versions', async () => {
    expect(await syn.versions.list(project).toArray()).toHaveLength(1);
  });

  test('of an entity that does not exist is an error', async () => {
    await expect(syn.versions.list('syn999999999').toArray()).rejects.toThrow(NotFoundError);
  });

  test('refuses an id with a version', () => {
    expect(() => syn.versions.list(`${project.id}.1`)).toThrow('all its versions are listed');
  });
});

describe('restore', () => {
  test('makes a new version with content, annotations and provenance of the old one', async () => {
    const file = await twoVersions();
    let restored;
    const calls = await clients.calls(async () => {
      restored = await syn.versions.restore(file, 1);
    });
    expect(restored).toEqual({
      id: file.id,
      from: 1,
      versionNumber: 3,
      changed: ['content', 'annotations', 'provenance'],
    });
    expect(calls.sort()).toEqual([
      'entity.updateEntity',
      'entity.updateEntityAnnotations',
      'entityBundle.getEntityBundle',
      'entityBundle.getEntityVersionBundle',
    ]);
    expect(await textOf(file.id)).toBe(`one ${count}`);
    const current = await syn.get(File, file.id, { downloadFile: false });
    expect(current.annotations).toEqual({ week: [1], so: ['já'] });
    expect(current).toMatchObject({ versionLabel: '3', versionComment: 'Restored version 1' });
    const [now, then] = [await syn.getProvenance(file.id), await syn.getProvenance(`${file.id}.1`)];
    expect(now).toEqual(then);
  });

  test('loses nothing of the version before', async () => {
    const file = await twoVersions();
    await syn.versions.restore(`${file.id}.1`);
    expect(await textOf(`${file.id}.2`)).toBe(`two ${count}`);
    expect(await syn.getAnnotations(`${file.id}.2`)).toEqual({ week: [2] });
    expect(await syn.getProvenance(`${file.id}.2`)).toMatchObject({ name: 'Weigh again' });
  });

  test('keeps name and place of now', async () => {
    const file = await twoVersions();
    const folder = await syn.store(new Folder({ name: `moved ${count}`, parent: project }));
    await syn.move(file, folder);
    await syn.changeMetadata(file, { name: 'renamed.csv' });
    await syn.versions.restore(file.id, 1);
    expect(await syn.get(file.id, { downloadFile: false })).toMatchObject({
      name: 'renamed.csv',
      parentId: folder.id,
    });
  });

  test('takes label, comment and provenance from the options', async () => {
    const file = await twoVersions();
    const options = { label: 'again', comment: 'why', provenance: 'traceback' as const };
    await syn.versions.restore(file.id, 1, options);
    expect(await syn.get(file.id, { downloadFile: false })).toMatchObject({
      versionLabel: 'again',
      versionComment: 'why',
    });
    const { name, used } = (await syn.getProvenance(file.id)) ?? {};
    expect(name).toBe('Restored version 1');
    expect(used).toMatchObject([{ reference: { targetId: file.id, targetVersionNumber: 1 } }]);
    await syn.versions.restore(file.id, 2, { provenance: 'none' });
    expect(await syn.getProvenance(file.id)).toBeUndefined();
  });

  test('says that there is nothing to restore, and writes nothing', async () => {
    const file = await twoVersions();
    await syn.versions.restore(file.id, 1);
    const calls = await clients.calls(async () => {
      const again = await syn.versions.restore(file.id, 1);
      expect(again).toEqual({ id: file.id, from: 1, versionNumber: 3, changed: [] });
      expect(await syn.versions.restore(file.id, 3)).toMatchObject({ changed: [] });
    });
    expect(calls.filter((call) => !call.startsWith('entityBundle.get'))).toEqual([]);
  });

  test('restores annotations and provenance when only these differ', async () => {
    const file = await twoVersions();
    await syn.store(file, { versionComment: 'third', activity: { name: 'Weigh again' } });
    await syn.setAnnotations(file.id, { week: 3 });
    expect(await syn.versions.restore(file.id, 2)).toMatchObject({
      versionNumber: 4,
      changed: ['annotations'],
    });
    expect(await syn.getAnnotations(file.id)).toEqual({ week: [2] });
    expect(await syn.getAnnotations(`${file.id}.3`)).toEqual({ week: [3] });
    await syn.provenance.disassociate(file.id);
    expect(await syn.versions.restore(file.id, 2)).toMatchObject({ changed: ['provenance'] });
  });

  test('copies what only its creator may use', async () => {
    const file = await twoVersions();
    await syn.setPermissions(file, 'bob', { accessType: ['READ', 'DOWNLOAD', 'UPDATE'] });
    const bob = await clients.open('bob');
    expect(await bob.versions.restore(file.id, 1)).toMatchObject({ versionNumber: 3 });
    expect(await textOf(file.id)).toBe(`one ${count}`);
    expect(await syn.getProvenance(file.id)).toMatchObject({ name: 'Weigh' });
    expect(await bob.versions.restore(file.id, 1)).toMatchObject({ changed: [] });
  });

  test('without UPDATE is an error that names it, before anything is written', async () => {
    const file = await twoVersions();
    await syn.setPermissions(file, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
    const bob = await clients.open('bob');
    const error: unknown = await bob.versions
      .restore(file.id, 1)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthorizationError);
    expect(String(error)).toMatch(/lack UPDATE.*CHANGE_PERMISSIONS/);
    expect(await syn.versions.list(file).toArray()).toHaveLength(2);
  });

  test('does not overwrite a change that another user makes at the same time', async () => {
    const file = await twoVersions();
    const { conditions } = clients.server;
    conditions.set({ faults: [{ operation: 'entity.updateEntity', times: 1, status: 412 }] });
    try {
      await expect(syn.versions.restore(file.id, 1)).rejects.toThrow(PreconditionFailedError);
    } finally {
      conditions.reset();
    }
    expect(await syn.versions.list(file).toArray()).toHaveLength(2);
  });

  test.each([
    ['before it was handled', { dropRequestAt: 0 }],
    ['after it was handled', { loseAnswer: true }],
  ])('whose answer is lost %s makes one version', async (_, loss) => {
    const file = await twoVersions();
    const { conditions } = clients.server;
    conditions.set({ faults: [{ operation: 'entity.updateEntity', times: 1, ...loss }] });
    try {
      expect(await syn.versions.restore(file.id, 1)).toMatchObject({ versionNumber: 3 });
    } finally {
      conditions.reset();
    }
    expect(await syn.versions.list(file).toArray()).toHaveLength(3);
    expect(await textOf(file.id)).toBe(`one ${count}`);
  });

  test('restores a record set with its keys', async () => {
    const concreteType = 'org.sagebionetworks.repo.model.RecordSet';
    const upload = async (text: string): Promise<string> =>
      (await syn.fileHandles.upload(await clients.file('records.csv', text))).id ?? '';
    const { entity } = syn.services;
    const first = await entity.createEntity({
      body: {
        concreteType,
        name: 'records',
        parentId: project.id,
        dataFileHandleId: await upload('id,a\n1,2\n'),
        upsertKey: ['id'],
      },
    });
    const { id = '' } = first;
    const changed = {
      ...first,
      versionLabel: undefined,
      dataFileHandleId: await upload('id,a\n1,3\n'),
      upsertKey: ['id', 'a'],
    };
    await entity.updateEntity({ id, body: changed, newVersion: true });
    expect(await syn.versions.restore(id, 1)).toMatchObject({
      versionNumber: 3,
      changed: ['content', 'properties'],
    });
    const now = await entity.getEntity({ id });
    expect(now).toMatchObject({
      upsertKey: ['id'],
      dataFileHandleId: 'dataFileHandleId' in first ? first.dataFileHandleId : '',
    });
  });

  test('of a table says how to get its snapshots', async () => {
    const table = await syn.store(
      new Table({ name: 'a table', parent: project, columns: { a: 'STRING' } }),
    );
    await expect(syn.versions.restore(table.id, 1)).rejects.toThrow('its versions are snapshots');
    await expect(syn.versions.restore(project.id, 1)).rejects.toThrow('has no versions');
  });

  test('refuses what names no version, or one that is not there', async () => {
    const file = await twoVersions();
    const calls = await clients.calls(async () => {
      await expect(syn.versions.restore(file.id)).rejects.toThrow('Which version');
      const label = 'x'.repeat(257);
      await expect(syn.versions.restore(file.id, 1, { label })).rejects.toThrow('at most 256');
    });
    expect(calls).toEqual([]);
    await expect(syn.versions.restore(file.id, 9)).rejects.toThrow(NotFoundError);
  });
});

describe('update', () => {
  test('changes label and comment of the current version without a new one', async () => {
    const file = await twoVersions();
    const calls = await clients.calls(async () => {
      expect(await syn.versions.update(file.id, { label: 'v1 – final' })).toEqual({
        id: file.id,
        versionNumber: 2,
        versionLabel: 'v1 – final',
        versionComment: 'after a wéek',
      });
    });
    expect(calls).toEqual(['entity.getEntity', 'entity.updateEntity']);
    await syn.versions.update(`${file.id}.2`, { label: null, comment: null });
    const [current] = await syn.versions.list(file).toArray();
    expect(current).toMatchObject({ versionNumber: 2, versionLabel: '2' });
    expect(current?.versionComment).toBeUndefined();
    expect(await syn.getProvenance(file.id)).toMatchObject({ name: 'Weigh again' });
  });

  test('sends nothing when nothing changes', async () => {
    const file = await twoVersions();
    const calls = await clients.calls(() => syn.versions.update(file.id, { label: '2' }));
    expect(calls).toEqual(['entity.getEntity']);
  });

  test('of an older version says that Synapse cannot', async () => {
    const file = await twoVersions();
    await expect(syn.versions.update(`${file.id}.1`, { label: 'x' })).rejects.toThrow(
      `the current version only, which is 2`,
    );
  });

  test('refuses what it cannot change before a request', async () => {
    const calls = await clients.calls(async () => {
      await expect(syn.versions.update('syn1', {})).rejects.toThrow(ArgumentError);
      const comment = 'é'.repeat(257);
      await expect(syn.versions.update('syn1', { comment })).rejects.toThrow('257 characters');
    });
    expect(calls).toEqual([]);
  });

  test('with the label of another version is refused by Synapse', async () => {
    const file = await twoVersions();
    await expect(syn.versions.update(file.id, { label: 'day 1' })).rejects.toThrow('day 1');
  });
});

describe('delete', () => {
  test('removes one version; the newest of the others becomes current', async () => {
    const file = await twoVersions();
    await syn.versions.delete(file.id, 2);
    const left = await syn.versions.list(file).toArray();
    expect(
      left.map(({ versionNumber, isLatestVersion }) => [versionNumber, isLatestVersion]),
    ).toEqual([[1, true]]);
  });

  test.each(['versions.delete', 'delete'])('of the only version by %s is refused', async (name) => {
    const file = await twoVersions();
    await syn.versions.delete(`${file.id}.1`);
    const calls = await clients.calls(async () => {
      const run = name === 'delete' ? syn.delete(`${file.id}.2`) : syn.versions.delete(file.id, 2);
      await expect(run).rejects.toThrow(`is the only version of ${file.id}`);
    });
    expect(calls).toEqual(['entity.getEntityVersion', 'entity.listEntityVersions']);
  });

  test('of a version that is not there is an error', async () => {
    const file = await twoVersions();
    await expect(syn.versions.delete(file.id, 7)).rejects.toThrow(NotFoundError);
    await expect(syn.versions.delete(file.id)).rejects.toThrow('Which version');
  });
});
