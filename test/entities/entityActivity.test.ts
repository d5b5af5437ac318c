import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  Activity,
  ArgumentError,
  File,
  Folder,
  type Project,
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

let count = 0;
async function pathOf(content?: string): Promise<string> {
  count += 1;
  return clients.file(`file-${count}.txt`, content ?? `content ${count}`);
}

describe('the activity of an entity', () => {
  test('is stored with it, and read with it on request', async () => {
    const path = await pathOf();
    const activity = { name: 'Count', used: 'https://e.org', executed: 'https://e.org/code' };
    const file = await syn.store(new File({ path, parent: project, activity }));
    expect(file.activity?.id).toBeDefined();
    const calls = await clients.calls(async () => {
      const read = await syn.get(File, file.id, { downloadFile: false, includeActivity: true });
      expect(read.activity).toBeInstanceOf(Activity);
      expect(read.activity?.items.map((item) => item.toManifest())).toEqual([
        'https://e.org',
        'https://e.org/code',
      ]);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
    expect((await syn.get(file.id, { downloadFile: false })).activity).toBeUndefined();
  });

  test('is that of the version that is read', async () => {
    const file = await syn.store(
      new File({ path: await pathOf(), parent: project, activity: { name: 'one' } }),
    );
    file.activity = new Activity({ name: 'two' });
    file.path = await pathOf();
    await syn.store(file);
    const read = (id: string) => syn.get(id, { downloadFile: false, includeActivity: true });
    expect((await read(`${file.id}.1`)).activity?.name).toBe('one');
    expect((await read(file.id)).activity?.name).toBe('two');
  });

  test('is sent once, and not again when nothing has changed', async () => {
    const file = new File({ path: await pathOf(), parent: project, activity: { name: 'once' } });
    await syn.store(file);
    expect(await clients.calls(() => syn.store(file))).toEqual([]);
  });

  test('that was changed is updated, and stays that of the version', async () => {
    const folder = await syn.store(
      new Folder({ name: 'changed', parent: project, activity: { name: 'before' } }),
    );
    const read = await syn.get(Folder, folder.id, { includeActivity: true });
    if (read.activity === undefined) throw new Error('no activity');
    read.activity.name = 'after';
    await syn.store(read);
    expect(await syn.getProvenance(folder)).toMatchObject({
      id: folder.activity?.id,
      name: 'after',
    });
  });

  test('does not stay with an object that has become a new version', async () => {
    const file = await syn.store(
      new File({ path: await pathOf(), parent: project, activity: { name: 'old' } }),
    );
    file.path = await pathOf();
    await syn.store(file);
    expect(file.activity).toBeUndefined();
    expect(await syn.getProvenance(file)).toBeUndefined();
    expect(await syn.getProvenance(`${file.id}.1`)).toMatchObject({ name: 'old' });
  });

  test('gives way to the one in the options', async () => {
    const file = new File({ path: await pathOf(), parent: project, activity: { name: 'own' } });
    await syn.store(file, { activity: { name: 'given' } });
    expect(await syn.getProvenance(file)).toMatchObject({ name: 'given' });
    expect(file.activity).toBeUndefined();
  });

  test('can be shared by several entities, new and stored ones', async () => {
    const activity = new Activity({ name: 'shared' });
    const [one, two] = [await pathOf(), await pathOf()];
    const first = await syn.store(new File({ path: one, parent: project, activity }));
    const second = await syn.store(new File({ path: two, parent: project, activity }));
    const third = await syn.store(new File({ path: await pathOf(), parent: project }));
    third.activity = activity;
    expect(await clients.calls(() => syn.store(third))).toEqual(['entity.updateEntity']);
    for (const file of [first, second, third]) {
      expect((await syn.getProvenance(file))?.id).toBe(activity.id);
      expect(await clients.calls(() => syn.store(file))).toEqual([]);
    }
    expect(await syn.provenance.generated(activity).toArray()).toHaveLength(3);
  });

  test('of a file whose metadata was changed is not sent again', async () => {
    const file = await syn.store(
      new File({ path: await pathOf(), parent: project, activity: { name: 'made' } }),
    );
    const changed = await syn.changeMetadata(file, { downloadAs: 'other.txt' });
    expect(changed.activity?.name).toBe('made');
    expect(await clients.calls(() => syn.store(changed))).toEqual([]);
  });

  test('with what cannot be used is refused before a request', () => {
    expect(() => new Folder({ name: 'x', parent: 'syn1', activity: { used: 'nonsense' } })).toThrow(
      ArgumentError,
    );
  });
});

describe('associateActivityToNewVersion', () => {
  test.each([
    ['new content', async (file: File) => void (file.path = await pathOf())],
    ['another description', (file: File) => Promise.resolve((file.description = 'other'))],
  ])('keeps the activity for %s', async (_, change) => {
    const file = await syn.store(
      new File({ path: await pathOf(), parent: project, activity: { name: 'kept' } }),
    );
    await change(file);
    await syn.store(file, { associateActivityToNewVersion: true });
    expect(file.versionNumber).toBe(2);
    expect(file.activity?.name).toBe('kept');
    const one = await syn.getProvenance(`${file.id}.1`);
    expect(await syn.getProvenance(`${file.id}.2`)).toEqual(one);
  });

  test('reads the activity once when the object does not have it', async () => {
    const first = await syn.store(
      new File({ path: await pathOf(), name: 'same.txt', parent: project }),
      { activity: { name: 'kept' } },
    );
    const next = new File({ path: await pathOf(), name: 'same.txt', parent: project });
    const calls = await clients.calls(() =>
      syn.store(next, { associateActivityToNewVersion: true }),
    );
    expect(calls.filter((call) => /activity/i.test(call))).toEqual(['entity.getEntityActivity']);
    expect(await syn.getProvenance(`${first.id}.2`)).toMatchObject({ name: 'kept' });
  });

  test('keeps it without new versions, too', async () => {
    const file = await syn.store(
      new File({ path: await pathOf(), parent: project, activity: { name: 'kept' } }),
    );
    file.path = await pathOf();
    await syn.store(file, { associateActivityToNewVersion: true, forceVersion: false });
    expect(file.versionNumber).toBe(2);
    expect(await syn.getProvenance(file)).toMatchObject({ name: 'kept' });
  });

  test('gives way to an activity that is given', async () => {
    const file = await syn.store(
      new File({ path: await pathOf(), parent: project, activity: { name: 'old' } }),
    );
    file.path = await pathOf();
    await syn.store(file, { associateActivityToNewVersion: true, used: 'https://e.org' });
    expect((await syn.getProvenance(file))?.name).toBeUndefined();
  });

  test('adds nothing where there is no activity', async () => {
    const file = await syn.store(new File({ path: await pathOf(), parent: project }));
    file.path = await pathOf();
    await syn.store(file, { associateActivityToNewVersion: true });
    expect(await syn.getProvenance(file)).toBeUndefined();
  });

  test('connects a copy of an activity that another user created', async () => {
    const file = await syn.store(
      new File({
        path: await pathOf(),
        parent: project,
        activity: { name: 'hers', used: 'https://e.org' },
      }),
    );
    await syn.setPermissions(project, 'bob');
    await syn.setPermissions(file, 'bob', { accessType: ['READ', 'DOWNLOAD', 'UPDATE'] });
    const bob = await clients.open('bob');
    const read = await bob.get(File, file.id, { downloadFile: false });
    read.path = await pathOf();
    await bob.store(read, { associateActivityToNewVersion: true });
    const { id, name, used } = (await syn.getProvenance(`${file.id}.2`)) ?? {};
    expect([name, used?.length]).toEqual(['hers', 1]);
    expect(id).not.toBe(file.activity?.id);
  });
});

test('a stored object can be changed again after its activity was stored alone', async () => {
  const file = await syn.store(new File({ path: await pathOf(), parent: project }));
  file.activity = new Activity({ name: 'alone' });
  await syn.store(file);
  file.description = 'afterwards';
  await syn.store(file, { associateActivityToNewVersion: true });
  expect(file.versionNumber).toBe(2);
  expect(await syn.getProvenance(file)).toMatchObject({ name: 'alone' });
});

test('annotations and an activity are stored together on what is there', async () => {
  const path = await pathOf();
  const file = await syn.store(new File({ path, parent: project }));
  const annotations = { stage: 'release' };
  const options = { activity: { name: 'with annotations' } };
  await syn.store(new File({ path, parent: project, annotations }), options);
  expect(await syn.getAnnotations(file)).toEqual({ stage: ['release'] });
  expect(await syn.getProvenance(`${file.id}.1`)).toMatchObject(options.activity);
});
