import { expect, test } from '@jest/globals';
import { Folder, Table } from '../src/index.js';
import { walk, type WalkTuple } from '../src/synapseutils/index.js';
import { withClients } from './entities/withClients.js';

const clients = withClients();

test('walk gives the paths, folders and files of os.walk, the client first', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  const inner = await syn.store(new Folder({ name: 'inner', parent: folder }));
  const table = await syn.store(new Table({ name: 'table', parent: folder, columns: [] }));
  const steps: WalkTuple[] = [];
  for await (const [dirpath, dirnames, filenames] of walk(syn, project.id)) {
    steps.push([dirpath, dirnames, filenames]);
  }
  expect(steps).toEqual([
    [[project.name, project.id], [['folder', folder.id]], []],
    [[`${project.name}/folder`, folder.id], [['inner', inner.id]], [['table', table.id]]],
    [[`${project.name}/folder/inner`, inner.id], [], []],
  ]);
});

test('walk goes into folders, whatever the types', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  await syn.store(new Table({ name: 'table', parent: folder, columns: [] }));
  const steps: WalkTuple[] = [];
  for await (const step of walk(syn, project, { includeTypes: ['file'] })) steps.push(step);
  expect(steps.map(([[path]]) => path)).toEqual([project.name, `${project.name}/folder`]);
  expect(steps.flatMap(([, , filenames]) => filenames)).toEqual([]);
});

test('walk of what is no container has no steps', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const table = await syn.store(new Table({ name: 'table', parent: project, columns: [] }));
  expect((await walk(syn, table.id).next()).done).toBe(true);
});
