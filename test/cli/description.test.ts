import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-description-'));
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, configPath: join(home, 'none'), environment: {} });
  await syn.login({ authToken });
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

async function idOf(...args: string[]): Promise<string> {
  const { endpoint, authToken } = server.synapse;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  const { stdout, stderr } = await runSynapse([...args, '--json'], { home, env });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { id: string }).id;
}

test('a description stays the root page of the wiki when it is given again', async () => {
  const { wikiV1, wiki } = syn.services;
  const id = await idOf('create', 'Project', '--name', 'Described', '--description', '# One');
  const page = await wikiV1.getEntityRootWikiPageV1({ ownerId: id });
  expect(page.markdown).toBe('# One');
  expect((await syn.services.entity.getEntity({ id })).description).toBeUndefined();

  const body = { ...page, title: 'Kept' };
  await wikiV1.updateEntityWikiPageV1({ ownerId: id, wikiId: page.id ?? '', body });
  await idOf('create', 'Project', '--name', 'Described', '--description', '# Two');
  const changed = await wikiV1.getEntityRootWikiPageV1({ ownerId: id });
  expect(changed).toMatchObject({ id: page.id, title: 'Kept', markdown: '# Two' });
  const versions = { ownerId: id, wikiId: page.id ?? '', offset: 0, limit: 10 };
  const before = await wiki.listEntityWikiHistory(versions);
  await idOf('create', 'Project', '--name', 'Described', '--description', '# Two');
  expect(await wiki.listEntityWikiHistory(versions)).toEqual(before);

  const path = join(home, 'about.md');
  await writeFile(path, 'About this file');
  const fileId = await idOf('store', path, '--parent-id', id, '--description-file', path);
  const ofFile = await wikiV1.getEntityRootWikiPageV1({ ownerId: fileId });
  expect(ofFile.markdown).toBe('About this file');
});
