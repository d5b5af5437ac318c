import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  FileSystemError,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
  type WikiOwner,
  type WikiTree,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let owner: Project & Stored;
let folder: string;
let count = 0;
beforeAll(async () => {
  syn = await clients.open('alice');
});
beforeEach(async () => {
  owner = await clients.project(syn);
  count += 1;
  folder = join(clients.folder, `wiki-${count}`);
});

const isWrite = (call: string): boolean => !/\.(?:get|list)/.test(call) && !call.startsWith('GET');

/** All that a wiki has, without ids. */
async function stateOf(wiki: WikiOwner): Promise<unknown> {
  const tree = await syn.wiki.tree(wiki);
  const ids = new Map<string, string>();
  const name = (page: WikiTree, path: string): void => {
    ids.set(page.id, path);
    page.children.forEach((child, index) => name(child, `${path}.${index}`));
  };
  name(tree, 'page');
  const pages = await Promise.all(
    [...ids].map(async ([id, path]) => {
      const { title, markdown } = await syn.wiki.get(wiki, { id });
      const { attachments } = await syn.wiki.attachments(wiki, id);
      const files = attachments.map(({ fileName, contentType, contentMd5 }) => {
        return { fileName, contentType, contentMd5 };
      });
      const links = markdown.replace(/(?:syn\d+\/)?wiki\/(\d+)/g, (all, page: string) => {
        return ids.has(page) ? `<${ids.get(page)}>` : all;
      });
      return { path, title, markdown: links, files };
    }),
  );
  const order = typeof wiki === 'object' && 'evaluation' in wiki ? [] : await orderOf(wiki);
  return { pages, order: order.map((id) => ids.get(id)) };
}

async function orderOf(wiki: WikiOwner): Promise<string[]> {
  if (typeof wiki === 'object' && 'accessRequirement' in wiki) return [];
  return (await syn.wiki.orderHint(wiki as Project)).ids;
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** A wiki with sub-pages, attachments, links and an order. */
async function study(wiki: Project & Stored): Promise<Record<'a' | 'b' | 'deep' | 'home', string>> {
  const plot = await clients.file('plot.png', new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 1]));
  const data = { path: await clients.file('d.csv', 'a,b\n1,2\n'), contentType: 'text/x-special' };
  const { id: home } = await syn.wiki.store(wiki, { title: 'Home', markdown: '' });
  const { id: a } = await syn.wiki.store(wiki, {
    title: 'A/B: "c"?',
    parentId: home,
    markdown: `back: [home](#!Synapse:${wiki.id}/wiki/${home})\r\nno line end`,
    attachments: [plot, data],
  });
  const { id: b } = await syn.wiki.store(wiki, { title: 'Methods', parentId: home, markdown: 'ü' });
  const { id: deep } = await syn.wiki.store(wiki, {
    title: 'Deep 🧬',
    parentId: b,
    markdown: '\ufeff${image?fileName=plot%2Epng}',
    attachments: [plot],
  });
  const markdown = [
    `# Welcome\n[a](#!Synapse:${wiki.id}/wiki/${a}) [deep](#!Synapse:${wiki.id}/wiki/${deep} "t")`,
    `https://www.synapse.org/#!Synapse:${wiki.id}/wiki/${b} ${wiki.id} syn999/wiki/1`,
    '${wikipages}\n`[x](Home/Methods.md)`\n\n',
  ].join('\n');
  await syn.wiki.store(wiki, { id: home, markdown });
  await syn.wiki.setOrderHint(wiki, [b, a]);
  return { home, a, b, deep };
}

describe('an export', () => {
  test('has a file for each page, with sub-pages and attachments in folders', async () => {
    await study(owner);
    const { pages, written, failures } = await syn.wiki.export(owner, folder);
    expect(failures).toEqual([]);
    expect(pages.map(({ title, file }) => [title, file])).toEqual([
      ['Home', 'Home.md'],
      ['Methods', 'Home/Methods.md'],
      ['Deep 🧬', 'Home/Methods/Deep 🧬.md'],
      ['A/B: "c"?', 'Home/A_B_ _c__.md'],
    ]);
    expect(await filesOf(folder)).toEqual([...written, 'wiki.json'].sort());
    expect(written).toContain('Home/A_B_ _c__.files/d.csv');
    expect(await read('Home/A_B_ _c__.files/d.csv')).toBe('a,b\n1,2\n');
  });

  test('has links between its files', async () => {
    await study(owner);
    await syn.wiki.export(owner, folder);
    expect(await read('Home.md')).toContain(
      '[a](Home/A_B_%20_c__.md) [deep](Home/Methods/Deep%20%F0%9F%A7%AC.md "t")',
    );
    expect(await read('Home/A_B_ _c__.md')).toBe('back: [home](../Home.md)\r\nno line end');
  });
});

describe('a round trip', () => {
  test('to another project makes the same wiki', async () => {
    await study(owner);
    await syn.wiki.export(owner, folder);
    const to = await clients.project(syn);
    const { pages, failures } = await syn.wiki.import(folder, to);
    expect(failures).toEqual([]);
    expect(pages.map(({ action }) => action)).toEqual(['create', 'create', 'create', 'create']);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
  });

  test('to the same project changes nothing', async () => {
    await study(owner);
    const before = await stateOf(owner);
    await syn.wiki.export(owner, folder);
    const index = await read('wiki.json');
    const calls = await clients.calls(() => syn.wiki.import(folder, owner));
    expect(calls).toEqual(['wiki.getEntityRootWikiPage', 'wiki.listEntityWikiHeaders']);
    expect(await read('wiki.json')).toBe(index);
    expect(await stateOf(owner)).toEqual(before);
  });

  test('twice to another project writes once', async () => {
    await study(owner);
    await syn.wiki.export(owner, folder);
    const to = await clients.project(syn);
    await syn.wiki.import(folder, to);
    const index = await read('wiki.json');
    const calls = await clients.calls(() => syn.wiki.import(folder, to));
    expect(calls.filter(isWrite)).toEqual([]);
    expect(calls).toEqual(['wiki.getEntityRootWikiPage', 'wiki.listEntityWikiHeaders']);
    expect(await read('wiki.json')).toBe(index);
  });
});

describe('any wiki', () => {
  const titles = [
    undefined,
    '',
    ' ',
    '.',
    '..',
    '../../escape',
    '/etc/passwd',
    'CON',
    'nul.txt',
    'same',
    'same',
    'Same',
    'SAME.md',
    'same.files',
    'wiki.json',
    'trailing dot.',
    'a\u0000b\u001b[31m',
    'x'.repeat(256),
    '🧬'.repeat(128),
    'Ünïcödé',
    'U\u0308ni',
    '.hidden',
    'con',
    'README',
    'index',
    'percent%20# (a) [b] `c` <d>',
  ];

  test('comes back with its titles, in files that are in the folder', async () => {
    const { id: parentId } = await syn.wiki.store(owner, { title: 'Home', markdown: 'x' });
    for (const title of titles) {
      const { id } = await syn.wiki.store(owner, { title, parentId, markdown: `of ${title}` });
      await syn.wiki.store(owner, { title, parentId: id, markdown: '' });
      const markdown = `[p](#!Synapse:${owner.id}/wiki/${id})`;
      await syn.wiki.store(owner, { title: 'link', parentId, markdown });
    }
    const { failures } = await syn.wiki.export(owner, folder);
    expect(failures).toEqual([]);
    const files = await filesOf(folder);
    const lower = files.map((file) => file.normalize('NFKC').toLowerCase());
    expect(new Set(lower).size).toBe(files.length);
    expect(files).toHaveLength(1 + 3 * titles.length + 1);
    const to = await clients.project(syn);
    expect((await syn.wiki.import(folder, to)).failures).toEqual([]);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
  }, 60_000);

  test('comes back byte for byte, also when a text is not UTF-8', async () => {
    const { id: parentWikiId } = await syn.wiki.store(owner, { title: 'Home', markdown: '' });
    const texts = [
      Buffer.from([0x41, 0xff, 0x0d, 0x0a, 0x00]),
      Buffer.from('\ufeffBOM\r\nmixed\nends\r'),
      Buffer.from('[rel](Home/x.md) [page](../Home.md)'),
      Buffer.from('```\n[x](#!Synapse:syn1/wiki/2)\n```\n'),
      Buffer.from('line\u2028sep\u0085 \n\n\n   '),
    ];
    for (const [index, bytes] of texts.entries()) {
      const handle = await syn.fileHandles.upload(gzipSync(bytes), { fileName: 'a.md.gz' });
      const body = { title: `${index}`, parentWikiId, markdownFileHandleId: handle.id ?? '' };
      await syn.services.wiki.createEntityWikiPage({ ownerId: owner.id, body });
    }
    expect((await syn.wiki.export(owner, folder)).failures).toEqual([]);
    const to = await clients.project(syn);
    expect((await syn.wiki.import(folder, to)).failures).toEqual([]);
    for (const [index, bytes] of texts.entries()) {
      const destination = join(clients.folder, `back-${count}-${index}`);
      const { children } = await syn.wiki.tree(to);
      const page = children.find(({ title }) => title === `${index}`);
      await syn.wiki.markdownFile(to, page, { destination });
      expect(await readFile(destination)).toEqual(bytes);
    }
  });

  test('comes back with attachments of any name, which Synapse copies', async () => {
    const names = [
      'ü 🧬.txt',
      'a&b=c?d.txt',
      '../up.txt',
      'A.TXT',
      'a.txt',
      'nul',
      'x'.repeat(250),
    ];
    const { id } = await syn.wiki.store(owner, { title: 'Home', markdown: '' });
    for (const [index, newFileName] of names.entries()) {
      const bytes = Buffer.from(`content ${index}`);
      const { id: fileHandleId = '' } = await syn.fileHandles.upload(bytes, { fileName: 'x.txt' });
      const page = await syn.wiki.store(owner, { attachments: [{ id: fileHandleId }] });
      const file = { fileHandleId, associateObjectId: id } as const;
      const [copy] = await syn.fileHandles.copy([
        { ...file, associateObjectType: 'WikiAttachment', newFileName },
      ]);
      const others = page.attachmentFileHandleIds.filter((each) => each !== fileHandleId);
      const attachmentFileHandleIds = [...others, copy?.fileHandle?.id ?? ''];
      await syn.wiki.store(owner, { attachmentFileHandleIds });
    }
    const { failures, written } = await syn.wiki.export(owner, folder);
    expect(failures).toEqual([]);
    expect(written).toHaveLength(names.length + 1);
    const to = await clients.project(syn);
    const calls = await clients.calls(async () => {
      expect((await syn.wiki.import(folder, to)).failures).toEqual([]);
    });
    expect(calls.filter((call) => call === 'file.copyFileHandleBatch')).toHaveLength(1);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
  });

  test('can be that of an evaluation', async () => {
    await study(owner);
    await syn.wiki.export(owner, folder);
    const { id: evaluation = '' } = await syn.services.evaluation.createEvaluation({
      body: {
        name: `Queue ${count}`,
        contentSource: owner.id,
        submissionInstructionsMessage: 'x',
        submissionReceiptMessage: 'y',
      },
    });
    const { pages, failures, warnings } = await syn.wiki.import(folder, { evaluation });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`of evaluation ${evaluation}`)]);
    expect(pages).toHaveLength(4);
    const other = join(clients.folder, `evaluation-${count}`);
    expect((await syn.wiki.export({ evaluation }, other)).failures).toEqual([]);
    expect(await filesOf(other)).toEqual(await filesOf(folder));
    expect((await syn.wiki.import(other, { evaluation })).pages.map((page) => page.action)).toEqual(
      ['keep', 'keep', 'keep', 'keep'],
    );
  });

  test('can be that of an access requirement', async () => {
    const admin = await clients.open('admin');
    const { id = 0 } = await admin.services.accessRequirement.createAccessRequirement({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.ManagedACTAccessRequirement',
        subjectIds: [{ id: owner.id, type: 'ENTITY' }],
        accessType: 'DOWNLOAD',
        name: `Terms ${count}`,
      },
    });
    const accessRequirement = String(id);
    const path = await clients.file('terms.txt', 'terms');
    const page = { title: 'Terms', markdown: 'Read [them](x).', attachments: [path] };
    await admin.wiki.store({ accessRequirement }, page);
    await admin.wiki.export({ accessRequirement }, folder);
    await write('Terms.md', 'Read them.');
    const { failures } = await admin.wiki.import(folder, { accessRequirement });
    expect(failures).toEqual([]);
    expect((await admin.wiki.get({ accessRequirement })).markdown).toBe('Read them.');
    const { pages } = await admin.wiki.import(folder, { accessRequirement });
    expect(pages).toMatchObject([{ action: 'keep', title: 'Terms' }]);
  });

  test('of 40 levels fits into paths', async () => {
    let { id } = await syn.wiki.store(owner, { title: 'L 0', markdown: '' });
    for (let level = 1; level < 40; level += 1) {
      const page = { title: `Level ${level} of many`, parentId: id, markdown: `${level}` };
      ({ id } = await syn.wiki.store(owner, page));
    }
    const { pages } = await syn.wiki.export(owner, folder);
    expect(Math.max(...pages.map(({ file }) => file.length))).toBeLessThan(260);
    const to = await clients.project(syn);
    await syn.wiki.import(folder, to);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
  }, 60_000);
});

describe('an import', () => {
  let ids: Awaited<ReturnType<typeof study>>;
  beforeEach(async () => {
    ids = await study(owner);
    await syn.wiki.export(owner, folder);
  });

  test('of one changed file updates one page', async () => {
    await write('Home/Methods.md', 'changed [home](../Home.md)');
    const calls = await clients.calls(async () => {
      const { pages } = await syn.wiki.import(folder, owner);
      const changed = pages.filter(({ action }) => action !== 'keep');
      expect(changed).toMatchObject([{ id: ids.b, action: 'update', changes: ['text'] }]);
    });
    expect(calls.filter((call) => call.startsWith('wiki.'))).toEqual([
      'wiki.getEntityRootWikiPage',
      'wiki.listEntityWikiHeaders',
      'wiki.getEntityWikiPage',
      'wiki.updateEntityWikiPage',
    ]);
    const { markdown } = await syn.wiki.get(owner, { id: ids.b });
    expect(markdown).toBe(`changed [home](#!Synapse:${owner.id}/wiki/${ids.home})`);
    const again = await clients.calls(() => syn.wiki.import(folder, owner));
    expect(again.filter(isWrite)).toEqual([]);
  });

  test('adds new files as pages, and links to them', async () => {
    await write('Home/Methods/New.md', '# New page\n[up](../Methods.md) ![i](img/p.png)\n');
    await write('Home/Methods/img/p.png', 'image');
    await write('Home/Methods.md', '[new](Methods/New.md)');
    const { pages, failures } = await syn.wiki.import(folder, owner);
    expect(failures).toEqual([]);
    const added = pages.find(({ action }) => action === 'create');
    expect(added).toMatchObject({ title: 'New page', file: 'Home/Methods/New.md' });
    const page = await syn.wiki.get(owner, { title: 'New page' });
    expect(page).toMatchObject({ parentId: ids.b, id: added?.id });
    expect(page.markdown).toBe(
      `# New page\n[up](#!Synapse:${owner.id}/wiki/${ids.b}) ` +
        '${image?fileName=p%2Epng&align=None&scale=100&responsive=true&altText=i}\n',
    );
    const { markdown } = await syn.wiki.get(owner, { id: ids.b });
    expect(markdown).toBe(`[new](#!Synapse:${owner.id}/wiki/${page.id})`);
    const again = await clients.calls(() => syn.wiki.import(folder, owner));
    expect(again.filter(isWrite)).toEqual([]);
  });

  test('follows a file that was renamed and moved', async () => {
    await rename(join(folder, 'Home/Methods.md'), join(folder, 'Home/Protocols.md'));
    const { pages, kept } = await syn.wiki.import(folder, owner);
    expect(kept).toEqual([]);
    expect(pages.find(({ id }) => id === ids.b)).toMatchObject({
      file: 'Home/Protocols.md',
      title: 'Methods',
      action: 'keep',
    });
    expect((await syn.wiki.import(folder, owner)).pages.map(({ action }) => action)).toEqual(
      Array(4).fill('keep'),
    );
  });

  test('takes titles and the order from wiki.json', async () => {
    const index = JSON.parse(await read('wiki.json')) as {
      pages: { file: string; title: string }[];
      order: string[];
    };
    const methods = index.pages.find(({ file }) => file === 'Home/Methods.md');
    if (methods !== undefined) methods.title = 'Protocols';
    index.order.reverse();
    await write('wiki.json', JSON.stringify(index));
    const { isReordered } = await syn.wiki.import(folder, owner);
    expect(isReordered).toBe(true);
    expect((await syn.wiki.get(owner, { id: ids.b })).title).toBe('Protocols');
    expect((await syn.wiki.orderHint(owner)).ids).toEqual([ids.a, ids.b]);
  });

  test('replaces, adds and keeps attachments; with delete it removes them', async () => {
    const files = 'Home/A_B_ _c__.files';
    await write(`${files}/d.csv`, 'other');
    await write(`${files}/new.txt`, 'new');
    await rm(join(folder, files, 'plot.png'));
    await syn.wiki.import(folder, owner);
    const names = async (): Promise<(string | undefined)[]> => {
      const { attachments } = await syn.wiki.attachments(owner, ids.a);
      return attachments.map(({ fileName }) => fileName).sort();
    };
    expect(await names()).toEqual(['d.csv', 'new.txt', 'plot.png']);
    const downloadLocation = join(clients.folder, `d-${count}`);
    const path = await syn.wiki.getAttachment(owner, ids.a, 'd.csv', { downloadLocation });
    expect(await readFile(path, 'utf8')).toBe('other');
    await syn.wiki.import(folder, owner, { delete: true });
    expect(await names()).toEqual(['d.csv', 'new.txt']);
    const again = await clients.calls(() => syn.wiki.import(folder, owner, { delete: true }));
    expect(again.filter(isWrite)).toEqual([]);
  });

  test('only plans with dryRun', async () => {
    await write('Home/Methods.md', 'changed');
    await write('Home/New.md', 'new');
    await rm(join(folder, 'Home/A_B_ _c__.md'));
    const index = await read('wiki.json');
    const calls = await clients.calls(async () => {
      const plan = await syn.wiki.import(folder, owner, { dryRun: true, delete: true });
      expect(plan.pages.map(({ file, action }) => [file, action])).toEqual([
        // It has a link to the page that is deleted.
        ['Home.md', 'update'],
        ['Home/Methods.md', 'update'],
        ['Home/Methods/Deep 🧬.md', 'keep'],
        ['Home/New.md', 'create'],
      ]);
      expect(plan.deleted).toEqual([ids.a]);
    });
    expect(calls.filter(isWrite)).toEqual([]);
    expect(await read('wiki.json')).toBe(index);
  });

  test('keeps pages whose files are gone, and deletes them when asked', async () => {
    await rm(join(folder, 'Home/Methods'), { recursive: true });
    await rm(join(folder, 'Home/Methods.md'));
    expect((await syn.wiki.import(folder, owner)).kept).toEqual([ids.b, ids.deep]);
    expect((await syn.wiki.import(folder, owner)).kept).toEqual([ids.b, ids.deep]);
    const { id: other } = await syn.wiki.store(owner, { title: 'Theirs', parentId: ids.deep });
    const refused = await syn.wiki.import(folder, owner, { delete: true });
    expect(refused.deleted).toEqual([]);
    expect(refused.failures[0]?.error.message).toContain(other);
    await syn.wiki.delete(owner, other);
    const { deleted } = await syn.wiki.import(folder, owner, { delete: true });
    expect(deleted).toEqual([ids.deep, ids.b]);
    expect((await syn.wiki.tree(owner)).children.map(({ id }) => id)).toEqual([ids.a]);
    const again = await clients.calls(() => syn.wiki.import(folder, owner, { delete: true }));
    expect(again.filter(isWrite)).toEqual([]);
  });

  test('does not overwrite a page that was changed in Synapse; the others are stored', async () => {
    await syn.wiki.store(owner, { id: ids.b, markdown: 'theirs' });
    await write('Home/Methods.md', 'mine');
    await write('Home.md', 'also mine');
    const { pages, failures } = await syn.wiki.import(folder, owner);
    expect(failures.map(({ path }) => path)).toEqual(['Home/Methods.md']);
    expect(failures[0]?.error.message).toContain('was changed in Synapse since the last export');
    expect(pages.filter(({ action }) => action === 'update')).toHaveLength(1);
    expect((await syn.wiki.get(owner, { id: ids.b })).markdown).toBe('theirs');
    await syn.wiki.import(folder, owner, { overwrite: true });
    expect((await syn.wiki.get(owner, { id: ids.b })).markdown).toBe('mine');
    const again = await clients.calls(() => syn.wiki.import(folder, owner));
    expect(again.filter(isWrite)).toEqual([]);
  });

  test('leaves a page alone that was changed only in Synapse', async () => {
    await syn.wiki.store(owner, { id: ids.b, markdown: 'theirs' });
    expect((await syn.wiki.import(folder, owner)).failures).toEqual([]);
    expect((await syn.wiki.get(owner, { id: ids.b })).markdown).toBe('theirs');
    await syn.wiki.import(folder, owner, { overwrite: true });
    expect((await syn.wiki.get(owner, { id: ids.b })).markdown).toBe('ü');
  });

  test('tells of a page that was deleted in Synapse, and creates it again when asked', async () => {
    await syn.wiki.delete(owner, ids.deep);
    const { failures } = await syn.wiki.import(folder, owner);
    expect(failures).toMatchObject([{ path: 'Home/Methods/Deep 🧬.md' }]);
    const { pages } = await syn.wiki.import(folder, owner, { overwrite: true });
    expect(pages.filter(({ action }) => action === 'create')).toHaveLength(1);
    expect(await syn.wiki.get(owner, { title: 'Deep 🧬' })).toMatchObject({ parentId: ids.b });
    expect((await syn.wiki.import(folder, owner)).failures).toEqual([]);
  });

  test('to a project with a wiki of its own does not overwrite it', async () => {
    const to = await clients.project(syn);
    await syn.wiki.store(to, { title: 'Mine', markdown: 'precious' });
    const { failures } = await syn.wiki.import(folder, to);
    expect(failures[0]?.path).toBe('Home.md');
    expect((await syn.wiki.get(to)).markdown).toBe('precious');
    expect((await syn.wiki.import(folder, to, { overwrite: true })).failures).toEqual([]);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
  });

  test('uses an empty root page', async () => {
    const to = await clients.project(syn);
    await syn.wiki.store(to, { title: 'Start' });
    expect((await syn.wiki.import(folder, to)).failures).toEqual([]);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
  });

  test('without what the folder knew of the wiki finds the pages again', async () => {
    const to = await clients.project(syn);
    const index = await read('wiki.json');
    await syn.wiki.import(folder, to);
    await write('wiki.json', index);
    const calls = await clients.calls(async () => {
      const { pages, failures } = await syn.wiki.import(folder, to);
      expect(failures).toEqual([]);
      expect(pages.map(({ action }) => action)).toEqual(Array(4).fill('keep'));
    });
    expect(calls.filter(isWrite)).toEqual([]);
  });

  test('after the project and its wiki were made anew creates the pages again', async () => {
    await syn.wiki.delete(owner, ids.home);
    const { failures, pages } = await syn.wiki.import(folder, owner);
    expect(failures).toEqual([]);
    expect(pages.map(({ action }) => action)).toEqual(Array(4).fill('create'));
    expect((await syn.wiki.import(folder, owner)).pages.map(({ action }) => action)).toEqual(
      Array(4).fill('keep'),
    );
  });

  test('of a missing owner sends nothing', async () => {
    const calls = await clients.calls(async () => {
      await expect(syn.wiki.import(folder, 'syn99999999')).rejects.toThrow(NotFoundError);
    });
    expect(calls.filter(isWrite)).toEqual([]);
  });

  test.each([
    ['../outside.md', 'a page'],
    ['/etc/passwd.md', 'a page'],
    ['Home/../../x.md', 'a page'],
    ['C:/x.md', 'a page'],
    ['a\\..\\b.md', 'a page'],
  ])('refuses an index with the path %s', async (file) => {
    const index = JSON.parse(await read('wiki.json')) as { pages: { file: string }[] };
    index.pages.push({ ...index.pages[0], file });
    await write('wiki.json', JSON.stringify(index));
    const calls = await clients.calls(() =>
      expect(syn.wiki.import(folder, owner)).rejects.toThrow('not the path of a page'),
    );
    expect(calls).toEqual([]);
  });

  test('refuses a damaged index', async () => {
    for (const text of ['', '[]', '{}', '{"format":"synapse-wiki-folder","version":2}', 'null']) {
      await write('wiki.json', text);
      await expect(syn.wiki.import(folder, owner)).rejects.toThrow(ArgumentError);
      await expect(syn.wiki.export(owner, folder)).rejects.toThrow('wiki.json');
    }
  });

  test('does not read through links in the folder', async () => {
    const secret = await clients.file('secret.txt', 'secret');
    await symlink(secret, join(folder, 'Home/A_B_ _c__.files/secret.txt'));
    await symlink(secret, join(folder, 'Home/Linked.md'));
    const { pages } = await syn.wiki.import(folder, owner);
    expect(pages.map(({ action }) => action)).toEqual(Array(4).fill('keep'));
  });
});

describe('another export', () => {
  test('to the same folder fetches what has changed, and keeps local changes', async () => {
    const ids = await study(owner);
    await syn.wiki.export(owner, folder);
    await syn.wiki.store(owner, { id: ids.b, markdown: 'new text' });
    const calls = await clients.calls(async () => {
      expect((await syn.wiki.export(owner, folder)).written).toEqual(['Home/Methods.md']);
    });
    expect(calls.filter((call) => call === 'file.getFileHandleBatch')).toHaveLength(1);
    await write('Home/Methods.md', 'local');
    expect((await syn.wiki.export(owner, folder)).failures).toEqual([]);
    expect(await read('Home/Methods.md')).toBe('local');
    await syn.wiki.store(owner, { id: ids.b, markdown: 'newer text' });
    const { failures } = await syn.wiki.export(owner, folder);
    expect(failures.map(({ error }) => error)).toEqual([expect.any(FileSystemError)]);
    expect(await read('Home/Methods.md')).toBe('local');
    expect((await syn.wiki.import(folder, owner)).failures).toHaveLength(1);
    await syn.wiki.export(owner, folder, { overwrite: true });
    expect(await read('Home/Methods.md')).toBe('newer text');
  });

  test('keeps the files of deleted pages, and removes them when asked', async () => {
    const ids = await study(owner);
    await syn.wiki.export(owner, folder);
    await syn.wiki.delete(owner, ids.a);
    expect((await syn.wiki.export(owner, folder)).kept).toEqual(['Home/A_B_ _c__.md']);
    expect((await syn.wiki.import(folder, owner)).failures).toHaveLength(1);
    const { deleted } = await syn.wiki.export(owner, folder, { delete: true });
    expect(deleted).toEqual(['Home/A_B_ _c__.md']);
    expect(await filesOf(folder)).toEqual([
      'Home.md',
      'Home/Methods.md',
      'Home/Methods/Deep 🧬.files/plot.png',
      'Home/Methods/Deep 🧬.md',
      'wiki.json',
    ]);
  });

  test('to a folder with other files is refused, before anything is sent', async () => {
    await write('mine.txt', 'mine');
    const calls = await clients.calls(() =>
      expect(syn.wiki.export(owner, folder)).rejects.toThrow(ArgumentError),
    );
    expect(calls).toEqual([]);
    await syn.wiki.store(owner, { title: 'Home', markdown: 'x' });
    await syn.wiki.export(owner, folder, { overwrite: true });
    expect(await filesOf(folder)).toEqual(['Home.md', 'mine.txt', 'wiki.json']);
  });

  test('to a folder with hidden files only is written', async () => {
    await syn.wiki.store(owner, { title: 'Home', markdown: 'x' });
    await write('.git/HEAD', 'ref');
    expect((await syn.wiki.export(owner, folder)).written).toEqual(['Home.md']);
  });

  test('of an owner without a wiki makes no folder', async () => {
    await expect(syn.wiki.export(owner, folder)).rejects.toThrow(NotFoundError);
    await expect(readdir(folder)).rejects.toThrow();
  });

  test('does not write through a link in place of a folder', async () => {
    await study(owner);
    const outside = join(clients.folder, `outside-${count}`);
    await mkdir(outside, { recursive: true });
    await mkdir(folder, { recursive: true });
    await symlink(outside, join(folder, 'Home'));
    const { failures } = await syn.wiki.export(owner, folder, { overwrite: true });
    expect(failures.length).toBeGreaterThan(0);
    expect(await filesOf(outside)).toEqual([]);
  });
});

describe('a folder of plain Markdown files', () => {
  test('becomes a wiki with links and attachments, and stays the same', async () => {
    await write(
      'README.md',
      '# The docs\n[guide](guide/) [api](guide/api.md#top) [web](https://a.b/c.md)',
    );
    await write(
      'guide/README.md',
      'See ![plot](../img/plot.png "t"), [data](data.csv) and [up](..)',
    );
    await write(
      'guide/api.md',
      '```\n# no heading\n[x](README.md)\n```\n# API ##\n[![b](../img/plot.png)](README.md)',
    );
    await write('guide/data.csv', 'a,b');
    await write('img/plot.png', 'png');
    await write(
      'notes/one.md',
      'text without a heading, `[code](../README.md)` [lost](two.md) [out](../../x.md)',
    );
    await write('.git/x.md', 'hidden');
    await write('node_modules/x/README.md', 'no');
    const { pages, failures, warnings } = await syn.wiki.import(folder, owner);
    expect(failures).toEqual([]);
    expect(warnings).toEqual([
      'notes/one.md: ../../x.md is out of the folder.',
      'notes/one.md links to notes/two.md, which is not in the folder.',
    ]);
    const ids = new Map(pages.map(({ file, id = '' }) => [file, id]));
    const link = (file: string): string => `#!Synapse:${owner.id}/wiki/${ids.get(file)}`;
    const titles = (tree: WikiTree): unknown[] => [tree.title, ...tree.children.map(titles)];
    expect(titles(await syn.wiki.tree(owner))).toEqual([
      'The docs',
      ['guide', ['API']],
      ['notes', ['one']],
    ]);
    const text = async (file: string): Promise<string> =>
      (await syn.wiki.get(owner, { id: ids.get(file) })).markdown;
    expect(await text('README.md')).toBe(
      `# The docs\n[guide](${link('guide/README.md')}) [api](${link('guide/api.md')}) [web](https://a.b/c.md)`,
    );
    const image = '${image?fileName=plot%2Epng&align=None&scale=100&responsive=true&altText=';
    expect(await text('guide/README.md')).toBe(
      `See ${image}plot}, \${previewattachment?fileName=data%2Ecsv} and [up](${link('README.md')})`,
    );
    expect(await text('guide/api.md')).toBe(
      `\`\`\`\n# no heading\n[x](README.md)\n\`\`\`\n# API ##\n[${image}b}](${link('guide/README.md')})`,
    );
    expect(await text('notes/')).toBe('');
    const { attachments } = await syn.wiki.attachments(owner, ids.get('guide/README.md'));
    expect(attachments.map(({ fileName }) => fileName).sort()).toEqual(['data.csv', 'plot.png']);
    const again = await clients.calls(() => syn.wiki.import(folder, owner));
    expect(again).toEqual(['wiki.getEntityRootWikiPage', 'wiki.listEntityWikiHeaders']);
    const to = await clients.project(syn);
    expect((await syn.wiki.import(folder, to)).failures).toEqual([]);
    expect(await stateOf(to)).toEqual(await stateOf(owner));
    const other = join(clients.folder, `exported-${count}`);
    expect((await syn.wiki.export(owner, other)).failures).toEqual([]);
  });

  test('without a page of its own gets one with the name of the folder', async () => {
    await write('a.md', 'A');
    await write('b.md', '# Title of b');
    const { pages } = await syn.wiki.import(folder, owner);
    expect(pages.map(({ title }) => title)).toEqual([`wiki-${count}`, 'a', 'Title of b']);
    expect((await syn.wiki.get(owner)).markdown).toBe('');
    const again = await clients.calls(() => syn.wiki.import(folder, owner));
    expect(again.filter(isWrite)).toEqual([]);
  });

  test('that has a title that is too long, an empty attachment or bytes: only that page fails', async () => {
    await write('README.md', 'fine');
    await write('long.md', `# ${'x'.repeat(257)}`);
    await write('empty.md', '![e](empty.png)');
    await write('empty.png', '');
    await write('latin1.md', new Uint8Array([0x41, 0xe9]));
    const { pages, failures } = await syn.wiki.import(folder, owner);
    expect(pages.map(({ file }) => file)).toEqual(['README.md']);
    expect(failures.map(({ path }) => path).sort()).toEqual(['empty.md', 'latin1.md', 'long.md']);
  });

  test('that is empty or missing is an error', async () => {
    const calls = await clients.calls(async () => {
      await expect(syn.wiki.import(folder, owner)).rejects.toThrow('is not a folder');
      await mkdir(folder);
      await expect(syn.wiki.import(folder, owner)).rejects.toThrow('has no Markdown files');
    });
    expect(calls).toEqual([]);
  });
});
