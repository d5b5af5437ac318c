import { expect, test } from '@jest/globals';
import { Folder } from '../src/index.js';
import { walk } from '../src/synapseutils/index.js';
import { withClients } from './entities/withClients.js';

const clients = withClients();

test('walk takes the client first', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  const ids: string[] = [];
  for await (const { id } of walk(syn, project)) ids.push(id);
  expect(ids).toEqual([project.id, folder.id]);
});
