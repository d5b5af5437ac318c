import { afterEach, expect, test } from '@jest/globals';
import { PreconditionFailedError, type ProjectSettingInput } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
afterEach(() => clients.server.conditions.reset());

test('a setting is created, read, changed and deleted', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  expect(await syn.projectSettings.get(project)).toBeUndefined();
  const created = await syn.projectSettings.set({ projectId: project, locations: [1] });
  expect(created).toMatchObject({ projectId: project.id, settingsType: 'upload', locations: [1] });
  expect(await syn.projectSettings.get(project.id, 'upload')).toEqual(created);
  const { storageLocationId } = await syn.storageLocations.create({ kind: 'synapseS3' });
  const changed = await syn.projectSettings.set({ ...created, locations: [1, storageLocationId] });
  expect(changed).toMatchObject({ id: created.id, locations: [1, storageLocationId] });
  expect(changed.etag).not.toBe(created.etag);
  await syn.projectSettings.delete(changed);
  expect(await syn.projectSettings.get(project)).toBeUndefined();
  await expect(syn.projectSettings.delete(changed)).rejects.toMatchObject({ status: 404 });
});

test('a setting that was changed since it was read is not overwritten', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const read = await syn.projectSettings.set({ projectId: project, locations: [1] });
  const { storageLocationId } = await syn.storageLocations.create({ kind: 'synapseS3' });
  await syn.projectSettings.set({ ...read, locations: [storageLocationId] });
  const setting = syn.projectSettings.set({ ...read, locations: [storageLocationId, 1] });
  await expect(setting).rejects.toThrow(PreconditionFailedError);
  await expect(setting).rejects.toThrow(`Read the setting of ${project.id} again`);
});

test.each(['createProjectSetting', 'updateProjectSetting'])(
  '%s whose answer is lost is done once',
  async (name) => {
    const syn = await clients.open('alice');
    const project = await clients.project(syn);
    const { storageLocationId } = await syn.storageLocations.create({ kind: 'synapseS3' });
    const base: ProjectSettingInput =
      name === 'createProjectSetting'
        ? { projectId: project }
        : await syn.projectSettings.set({ projectId: project, locations: [1] });
    const operation = `projectSettings.${name}`;
    clients.server.conditions.set({ faults: [{ operation, times: 1, loseAnswer: true }] });
    const setting = await syn.projectSettings.set({ ...base, locations: [storageLocationId] });
    expect(setting).toEqual(await syn.projectSettings.get(project));
    expect(setting).toMatchObject({ locations: [storageLocationId] });
  },
);

test.each<[ProjectSettingInput, string]>([
  [{ locations: [1] }, 'No Synapse id'],
  [{ projectId: 'syn1', locations: [] }, 'The list of storage locations is empty'],
  [{ projectId: 'syn1' }, 'The list of storage locations is empty'],
  [{ projectId: 'syn1', locations: [1, 1] }, 'is given twice'],
  [{ projectId: 'syn1', locations: [1], id: '5' }, 'Setting 5 of syn1 has no etag'],
])('%j is refused before anything is sent', async (input, message) => {
  const syn = await clients.open('alice');
  const calls = await clients.calls(() =>
    expect(syn.projectSettings.set(input)).rejects.toThrow(message),
  );
  expect(calls).toEqual([]);
});

test('a setting that may not be read, or of nothing, is reported', async () => {
  const [alice, bob] = [await clients.open('alice'), await clients.open('bob')];
  const project = await clients.project(alice);
  await expect(bob.projectSettings.get(project)).rejects.toThrow(
    `You lack the READ permission on ${project.id}`,
  );
  await expect(bob.projectSettings.set({ projectId: project, locations: [1] })).rejects.toThrow(
    `You lack the CREATE permission on ${project.id}`,
  );
  await expect(bob.projectSettings.get('syn999999999')).rejects.toMatchObject({ status: 404 });
});

test('an unknown type of settings is refused before anything is sent', async () => {
  const syn = await clients.open('alice');
  const calls = await clients.calls(() =>
    expect(syn.projectSettings.get('syn1', 'download' as 'upload')).rejects.toThrow(
      '"download" is not a type of project settings: use upload, external_sync, requester_pays.',
    ),
  );
  expect(calls).toEqual([]);
});

test('there are no settings of the types that Synapse knew earlier', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  await syn.projectSettings.set({ projectId: project, locations: [1] });
  const reading = syn.projectSettings.get(project, 'external_sync');
  await expect(reading).rejects.toMatchObject({ status: 400 });
});
