import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  Link,
  NotFoundError,
  Table,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let data: Folder & Stored;
let paper: Folder & Stored;
let file: File & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  data = await syn.store(new Folder({ name: 'data', parent: project }));
  paper = await syn.store(new Folder({ name: 'paper', parent: project }));
  file = await syn.store(new File({ path: await clients.file('cells.csv', 'one'), parent: data }));
  file.path = await clients.file('cells.csv', 'two');
  await syn.store(file);
});

let count = 0;
async function linkTo(target: ConstructorParameters<typeof Link>[0]): Promise<Link & Stored> {
  count += 1;
  return syn.store(new Link({ name: `Link ${count}`, parent: paper, ...target }));
}
const follow = { followLink: true, downloadFile: false } as const;

describe('a link that is followed', () => {
  test('gives the current version of its target', async () => {
    const link = await linkTo({ target: file.id });
    const calls = await clients.calls(async () => {
      expect(await syn.get(File, link.id, follow)).toMatchObject({ id: file.id, versionNumber: 2 });
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle', 'entityBundle.getEntityBundle']);
  });

  test('gives the version that it names', async () => {
    const link = await linkTo({ target: `${file.id}.1` });
    expect(await syn.get(File, link.id, follow)).toMatchObject({ versionNumber: 1 });
    const other = await linkTo({ target: file.id, targetVersion: 1 });
    expect(other.linksTo).toEqual({ targetId: file.id, targetVersionNumber: 1 });
  });

  test('takes the options of files', async () => {
    const link = await linkTo({ target: `${file.id}.1` });
    const downloadLocation = join(clients.folder, 'followed');
    const got = await syn.get(File, link.id, { followLink: true, downloadLocation });
    expect(await readFile(got.path, 'utf8')).toBe('one');
    const again = await syn.get(File, link.id, {
      followLink: true,
      downloadLocation,
      ifCollision: 'overwrite.local',
      includeActivity: true,
    });
    expect(again.path).toBe(got.path);
  });

  test('gives a folder or a table', async () => {
    const toFolder = await linkTo({ target: data });
    expect(await syn.get(Folder, toFolder.id, { followLink: true })).toMatchObject({ id: data.id });
    const table = await syn.store(
      new Table({ name: 'linked', parent: data, columns: { a: 'STRING' } }),
    );
    const toTable = await linkTo({ target: table });
    const got = await syn.get(Table, toTable.id, { followLink: true });
    expect(got.columns.map(({ name }) => name)).toEqual(['a']);
  });

  test('can be found by its name', async () => {
    const { name } = await linkTo({ target: file.id });
    expect(await syn.get({ name, parent: paper }, follow)).toMatchObject({ id: file.id });
  });

  test('leads through other links', async () => {
    const first = await linkTo({ target: `${file.id}.1` });
    const middle = await syn.store(new Link({ name: 'middle', parent: data, target: first }));
    const last = await linkTo({ target: middle });
    expect(last.linksToClassName).toBe(first.concreteType);
    expect(await syn.get(last.id, follow)).toMatchObject({ id: file.id, versionNumber: 1 });
  });

  test('and leads back to itself is an error', async () => {
    const one = await linkTo({ target: file.id });
    const two = await syn.store(new Link({ name: 'back', parent: data, target: one }));
    one.linksTo = { targetId: two.id };
    await syn.store(one);
    await expect(syn.get(one.id, follow)).rejects.toThrow(/leads back to it/);
  });

  test('to what was deleted is an error that names both', async () => {
    const gone = await syn.store(new Folder({ name: 'gone', parent: data }));
    const link = await linkTo({ target: gone });
    await syn.delete(gone);
    const error: unknown = await syn.get(link.id, follow).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(String(error)).toContain(
      `The link ${link.id} (${link.name}) leads to ${gone.id}, which does not`,
    );
    expect(await syn.get(Link, link.id)).toMatchObject({ linksTo: { targetId: gone.id } });
  });

  test('to what the caller may not read is an error that names both', async () => {
    const secret = await clients.project(syn);
    const inside = await syn.store(new Folder({ name: 'secret', parent: secret }));
    const link = await linkTo({ target: inside });
    await syn.setPermissions(paper, 'bob');
    const bob = await clients.open('bob');
    const error: unknown = await bob.get(link.id, follow).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthorizationError);
    expect(String(error)).toContain(`leads to ${inside.id}, which you may not read`);
  });
});

describe('a link that is stored', () => {
  test('takes its name and class from its target', async () => {
    const link = await syn.store(new Link({ parent: paper, target: file }));
    expect(link).toMatchObject({ name: 'cells.csv', linksToClassName: file.concreteType });
    expect(link.linksTo).toEqual({ targetId: file.id, targetVersionNumber: 2 });
  });

  test('again under its name gets the new target and its class', async () => {
    const link = await linkTo({ target: file.id });
    const again = await syn.store(new Link({ name: link.name, parent: paper, target: data }));
    expect(again).toMatchObject({ id: link.id, linksToClassName: data.concreteType });
  });

  test('by its id with another target keeps its name', async () => {
    const link = await linkTo({ target: file.id });
    const changed = await syn.store(new Link({ id: link.id, target: data }));
    expect(changed).toMatchObject({ name: link.name, linksToClassName: data.concreteType });
  });

  test('unchanged is not sent', async () => {
    const link = await linkTo({ target: `${file.id}.1` });
    expect(await clients.calls(() => syn.store(link))).toEqual([]);
  });

  test('without a target, or in the container of its target, is refused', async () => {
    await expect(syn.store(new Link({ name: 'x', parent: project }))).rejects.toThrow('no target');
    const calls = await clients.calls(async () => {
      const link = new Link({ name: 'x', parent: data, target: file });
      await expect(syn.store(link)).rejects.toThrow('same container');
    });
    expect(calls).toEqual(['entity.getEntityVersion']);
    expect(() => new Link({ target: 'cells.csv' })).toThrow(ArgumentError);
    const missing = new Link({ name: 'x', parent: project, target: 'syn999999999' });
    await expect(syn.store(missing)).rejects.toThrow(NotFoundError);
  });
});
