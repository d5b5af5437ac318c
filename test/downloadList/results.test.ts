import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { login } from '../../src/auth/login.js';
import { createContext } from '../../src/createContext.js';
import { Results } from '../../src/downloadList/results.js';
import type { DownloadListReport } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { listedKeys, storeText } from './listWorld.js';

const clients = withClients();

test('files are removed from the list while others are downloaded, after they were written to the manifest', async () => {
  const syn = await clients.open('alice');
  const { endpoint, users } = clients.server;
  const client = createContext({ endpoint, environment: {}, configPath: '/nowhere' });
  await login(client.loginContext, { authToken: users.alice.authToken });
  const project = await clients.project(syn);
  const files = [];
  for (const name of ['a', 'b', 'c']) {
    files.push(await storeText(clients, syn, project, { name, content: name }));
  }
  await syn.downloadList.add(files.map(({ id }) => id));
  const items = files.map(({ id }) => ({ fileEntityId: id }));
  const manifest = { columns: ['ID'], rows: files.map(({ id }) => [id]) };
  const path = join(clients.folder, 'manifest.csv');
  const report: DownloadListReport = {
    ...{ done: [], skipped: [], failed: [], blocked: 0, actionsRequired: [] },
    ...{ removed: 0, bytes: 0 },
  };
  let now = 0;
  const listed = { isComplete: false, items };
  const results = new Results(client.context, {
    ...{ report, path, removeFromList: true, manifest, listed },
    clock: { now: () => now },
  });
  const outcomeOf = (index: number) => {
    const file = items[index] ?? { fileEntityId: '' };
    return { file, state: 'done', path: `/here/${index}`, bytes: 1 } as const;
  };
  now = 31_000;
  // While the list is read, it is not changed.
  expect(await clients.calls(() => results.add(outcomeOf(0), undefined))).toEqual([]);
  listed.isComplete = true;
  const second = await clients.calls(() => results.add(outcomeOf(2), undefined));
  expect(second).toEqual(['downloadList.removeFromDownloadList']);
  expect(await listedKeys(syn)).toEqual([files[1]?.id]);
  expect(await readFile(path, 'utf8')).toBe(
    `ID,path,error\r\n${files[0]?.id},/here/0,\r\n${files[2]?.id},/here/2,\r\n`,
  );
  const error = new Error('two\nlines, "quoted"');
  const failed = { ...outcomeOf(1), state: 'failed', error } as const;
  await results.add(failed, undefined);
  expect(await clients.calls(() => results.finish(undefined))).toEqual([]);
  expect(await readFile(path, 'utf8')).toContain(`${files[1]?.id},,"two\nlines, ""quoted"""\r\n`);
  expect(report).toMatchObject({ removed: 2, manifest: path, bytes: 2 });
  await client.close();
});
