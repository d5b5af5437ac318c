import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  Activity,
  ArgumentError,
  AuthorizationError,
  File,
  NotFoundError,
  PreconditionFailedError,
  Table,
  UsedEntity,
  UsedURL,
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
async function newFile(options: Parameters<Synapse['store']>[1] = {}): Promise<File & Stored> {
  count += 1;
  const path = await clients.file(`file-${count}.txt`, `content ${count}`);
  return syn.store(new File({ path, parent: project }), options);
}

describe('an activity as an object', () => {
  test('collects what was used and executed, in every form', () => {
    const activity = new Activity({ name: 'Größe', description: 'x', used: ['syn1.2'] })
      .used('syn3', { id: 'syn4', versionNumber: 5 }, ['https://example.org/a'])
      .executed(new UsedURL('https://example.org/b', { name: 'b' }), new UsedEntity('syn6'));
    expect(JSON.parse(JSON.stringify(activity))).toEqual({
      name: 'Größe',
      description: 'x',
      used: [
        usedEntity('syn1', 2, false),
        usedEntity('syn3', undefined, false),
        usedEntity('syn4', 5, false),
        usedUrl('https://example.org/a', 'https://example.org/a', false),
        usedUrl('https://example.org/b', 'b', true),
        usedEntity('syn6', undefined, true),
      ],
    });
  });

  test('writes its items as manifests have them', () => {
    const activity = new Activity()
      .used('syn1.2', 'syn3')
      .executed({ url: 'https://e.org', name: 'n' });
    expect(activity.items.map((item) => item.toManifest())).toEqual([
      'syn1.2',
      'syn3',
      'https://e.org',
    ]);
  });

  test('refuses what cannot be used', () => {
    expect(() => new Activity().used('nonsense')).toThrow(ArgumentError);
    expect(() => new Activity({ used: ['syn1.2.3'] })).toThrow(ArgumentError);
    expect(() => new UsedEntity('https://e.org')).toThrow(ArgumentError);
    expect(() => new UsedEntity('syn1.2', { version: 3 })).toThrow(ArgumentError);
  });

  test('is stored with an entity, and then has an id', async () => {
    const activity = new Activity({ name: 'Count' }).used(project.id);
    const file = await newFile({ activity });
    expect(activity.id).toMatch(/^\d+$/);
    expect(await syn.getProvenance(file)).toEqual({ ...activity.toJSON() });
  });

  test('is shared by the entities that it is stored with, without being sent again', async () => {
    const activity = new Activity({ name: 'Split' });
    const one = await newFile({ activity });
    const calls = await clients.calls(async () => {
      const other = await newFile({ activity });
      expect((await syn.getProvenance(other))?.id).toBe(activity.id);
    });
    expect(calls.filter((call) => call.startsWith('activity.'))).toEqual([]);
    expect((await syn.getProvenance(one))?.id).toBe(activity.id);
  });

  test('is updated for all of them when it has changed', async () => {
    const activity = new Activity({ name: 'Before' });
    const one = await newFile({ activity });
    activity.name = 'After';
    activity.used('syn1.1');
    await syn.provenance.store(activity);
    expect(await syn.getProvenance(one)).toMatchObject({ name: 'After', used: [{}] });
  });

  test('of a read activity changes that one', async () => {
    const file = await newFile({ activity: { name: 'Read', used: 'https://e.org' } });
    const found = new Activity(await syn.getProvenance(file));
    found.executed('https://e.org/code');
    const stored = await syn.setProvenance(file, found);
    expect(stored).toMatchObject({
      id: found.id,
      used: [{ wasExecuted: false }, { wasExecuted: true }],
    });
  });

  test('keeps items of unknown kinds', () => {
    const other = {
      concreteType: 'org.sagebionetworks.repo.model.provenance.UsedOther',
      wasExecuted: true,
      what: 'x',
    };
    const wire = { id: '1', name: 'n', used: [other] } as unknown as ConstructorParameters<
      typeof Activity
    >[0];
    expect(new Activity(wire).toJSON()).toEqual(wire);
  });

  test('that another user changed since is not overwritten', async () => {
    const file = await newFile({ activity: { name: 'First' } });
    const mine = new Activity(await syn.getProvenance(file));
    const theirs = new Activity(await syn.getProvenance(file));
    theirs.name = 'Theirs';
    await syn.provenance.store(theirs);
    mine.name = 'Mine';
    await expect(syn.provenance.store(mine)).rejects.toThrow(PreconditionFailedError);
  });

  test('generates a snapshot of a table', async () => {
    const table = await syn.store(
      new Table({ name: 'snapshots', parent: project, columns: { a: 'STRING' } }),
    );
    const activity = new Activity({ name: 'Freeze' }).executed('https://e.org/freeze');
    const { versionedId } = await syn.tables.snapshot(table, { activity });
    expect(await syn.getProvenance(versionedId)).toMatchObject({ name: 'Freeze' });
  });
});

describe('activities by id', () => {
  test('are stored without an entity, read, and give what they generated', async () => {
    const { id = '' } = await syn.provenance.store({ name: 'Two files' });
    expect(await syn.provenance.getActivity(id)).toMatchObject({ id, name: 'Two files' });
    expect(await syn.provenance.generated(id).toArray()).toEqual([]);
    const activity = new Activity(await syn.provenance.getActivity({ id }));
    const one = await newFile({ activity });
    const two = await newFile({ activity });
    expect(await syn.provenance.generated(activity).toArray()).toEqual([
      { id: one.id, versionNumber: 1 },
      { id: two.id, versionNumber: 1 },
    ]);
  });

  test('of many entities are listed in pages', async () => {
    const activity = new Activity({ name: 'Many' });
    const file = await newFile({ activity });
    for (let version = 2; version <= 101; version += 1) {
      await syn.store(file, { versionComment: `v${version}`, activity });
    }
    const calls = await clients.calls(async () => {
      expect(await syn.provenance.generated(activity).toArray()).toHaveLength(101);
    });
    expect(calls).toHaveLength(2);
  });

  test('that do not exist, or are of others, are errors', async () => {
    await expect(syn.provenance.getActivity('999999')).rejects.toThrow(NotFoundError);
    await expect(syn.provenance.generated('999999').toArray()).rejects.toThrow(NotFoundError);
    const { id = '' } = await syn.provenance.store({ name: 'private' });
    const bob = await clients.open('bob');
    await expect(bob.provenance.getActivity(id)).rejects.toThrow(AuthorizationError);
  });
});

describe('an activity that is removed', () => {
  test('from an entity is kept', async () => {
    const file = await newFile({ activity: { name: 'Kept' } });
    const activity = await syn.provenance.disassociate(file);
    expect(activity).toMatchObject({ name: 'Kept' });
    expect(await syn.getProvenance(file)).toBeUndefined();
    expect(await syn.provenance.getActivity(activity?.id ?? '')).toMatchObject({ name: 'Kept' });
    const calls = await clients.calls(async () => {
      expect(await syn.provenance.disassociate(file)).toBeUndefined();
    });
    expect(calls).toEqual(['entity.getEntityActivity']);
  });

  test('and deleted is gone', async () => {
    const file = await newFile({ activity: { name: 'Gone' } });
    const { id = '' } = (await syn.getProvenance(file)) ?? {};
    await syn.provenance.delete(file);
    await expect(syn.provenance.getActivity(id)).rejects.toThrow(NotFoundError);
  });

  test('and deleted is kept while something else has it', async () => {
    const activity = new Activity({ name: 'Shared' });
    const one = await newFile({ activity });
    const other = await newFile({ activity });
    await syn.provenance.delete(one);
    expect(await syn.getProvenance(one)).toBeUndefined();
    expect(await syn.getProvenance(other)).toMatchObject({ name: 'Shared' });
    await syn.provenance.delete(other);
    await expect(syn.provenance.getActivity(activity)).rejects.toThrow(NotFoundError);
  });
});

const usedEntity = (
  targetId: string,
  version: number | undefined,
  wasExecuted: boolean,
): object => ({
  concreteType: 'org.sagebionetworks.repo.model.provenance.UsedEntity',
  reference: { targetId, ...(version !== undefined && { targetVersionNumber: version }) },
  wasExecuted,
});
const usedUrl = (url: string, name: string, wasExecuted: boolean): object => ({
  concreteType: 'org.sagebionetworks.repo.model.provenance.UsedURL',
  url,
  name,
  wasExecuted,
});
