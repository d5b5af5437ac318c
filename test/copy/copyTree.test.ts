import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  EntityView,
  File,
  Folder,
  Link,
  Project,
  Synapse,
  Table,
  type CopyReport,
} from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';

const server = withServer();
let syn: Synapse;
let count = 0;

beforeAll(async () => {
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, environment: {}, configPath: '/dev/null', log: () => undefined });
  await syn.login({ authToken });
});
afterAll(() => syn.close());

async function newProject(): Promise<string> {
  count += 1;
  return (await syn.store(new Project({ name: `Copies ${count}` }))).id;
}

async function storeFile(
  name: string,
  parentId: string,
  text = name,
): Promise<File & { id: string }> {
  const stream = new Blob([text]).stream();
  return syn.store(new File({ name, parentId, stream }));
}

async function textOf(id: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await syn.download(id)) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

/** Asserts that everything was copied. */
function complete({ failures, leftOut, mapping }: CopyReport): Record<string, string> {
  expect(failures).toEqual([]);
  expect(leftOut).toEqual([]);
  return mapping;
}

describe('a project', () => {
  test('is copied with everything in it', async () => {
    const [from, to] = [await newProject(), await newProject()];
    const outer = await syn.store(
      new Folder({ name: 'outer (1)', parentId: from, annotations: { tissue: ['liver', 'λ'] } }),
    );
    const inner = await syn.store(new Folder({ name: 'inner', parentId: outer.id }));
    const file = await storeFile("it's +1.txt", inner.id);
    await syn.setAnnotations(file.id, { n: 1, d: 1.5, when: new Date(0), yes: true });
    const table = await syn.store(
      new Table({ name: 'T', parentId: from, columns: { a: 'STRING', b: 'INTEGER' } }),
    );
    await syn.tables.append(table.id, [
      { a: 'x,"y"\n', b: 1 },
      { a: null, b: 2 },
      { a: '', b: 3 },
    ]);
    const link = await syn.store(new Link({ name: 'to it', parentId: from, target: file.id }));
    const view = await syn.store(
      new EntityView({ name: 'V', parentId: from, scope: [from], types: ['file'] }),
    );

    const mapping = complete(await syn.copy(from, { to }));
    expect(Object.keys(mapping).sort()).toEqual(
      [from, outer.id, inner.id, file.id, table.id, link.id, view.id].sort(),
    );
    const copied = (id: string): string => mapping[id] ?? '';
    expect(await textOf(copied(file.id))).toBe("it's +1.txt");
    expect(await syn.getAnnotations(copied(file.id))).toEqual(await syn.getAnnotations(file.id));
    expect((await syn.get(Folder, copied(outer.id))).annotations).toEqual({
      tissue: ['liver', 'λ'],
    });
    const rows = await syn.tableQuery(`select * from ${copied(table.id)}`);
    expect(rows.map(({ a, b }) => [a, b])).toEqual([
      ['x,"y"\n', 1],
      [null, 2],
      ['', 3],
    ]);
    expect((await syn.get(Link, copied(link.id))).linksTo?.targetId).toBe(copied(file.id));
    expect((await syn.get(EntityView, copied(view.id))).scopeIds).toEqual([to]);
    const activity = await syn.getProvenance(copied(file.id));
    expect(activity?.name).toBe('Copied file');
    expect(activity?.used?.[0]).toMatchObject({
      reference: { targetId: file.id, targetVersionNumber: 1 },
      wasExecuted: false,
    });
  });
});
