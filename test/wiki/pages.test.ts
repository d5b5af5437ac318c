import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  DownloadError,
  FileSystemError,
  NotFoundError,
  PreconditionFailedError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let owner: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
});
beforeEach(async () => {
  owner = await clients.project(syn);
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const unicode = '# Ünïcödé 🧬\r\n\ttab\u0000null \ufeff 日本語 \u{10ffff}\n';

describe('a page', () => {
  test('is created as the root page and read with its text', async () => {
    const stored = await syn.wiki.store(owner, { title: 'Home', markdown: unicode });
    const page = await syn.wiki.get(owner);
    expect(page).toEqual({ ...stored, markdown: unicode });
    expect(page).toMatchObject({ title: 'Home', attachmentFileHandleIds: [] });
    expect(page).not.toHaveProperty('parentId');
  });

  test.each([
    ['empty', ''],
    ['of 1 MiB', 'Zeile ü\n'.repeat(120_000)],
    ['that begins with a byte order mark', '\ufefftext'],
  ])('can have a text that is %s', async (_, markdown) => {
    await syn.wiki.store(owner, { title: 'Home', markdown });
    expect((await syn.wiki.get(owner)).markdown).toBe(markdown);
  });

  test('takes its text from a file', async () => {
    const path = await clients.file('text.md', unicode);
    await syn.wiki.store(owner, { markdown: { path } });
    expect((await syn.wiki.get(owner)).markdown).toBe(unicode);
  });

  test('has an empty text when none is given', async () => {
    await syn.wiki.store(owner, { title: 'Home' });
    expect((await syn.wiki.get(owner)).markdown).toBe('');
  });

  test('below another page is found by its title and its id', async () => {
    const root = await syn.wiki.store(owner, { title: 'Home', markdown: 'a' });
    const sub = await syn.wiki.store(owner, { title: 'Sub', parentId: root.id, markdown: 'b' });
    expect(sub.parentId).toBe(root.id);
    const expected = { id: sub.id, title: 'Sub', parentId: root.id, markdown: 'b' };
    expect(await syn.wiki.get(owner, { title: 'Sub' })).toMatchObject(expected);
    expect(await syn.wiki.get(owner, { id: sub.id })).toMatchObject(expected);
  });

  test('is not found by a title that two pages have', async () => {
    const { id: parentId } = await syn.wiki.store(owner, { title: 'Same' });
    const { id } = await syn.wiki.store(owner, { title: 'Same', parentId });
    const call = syn.wiki.get(owner, { title: 'Same' });
    await expect(call).rejects.toThrow(ArgumentError);
    await expect(call).rejects.toThrow(`${parentId}, ${id}`);
  });

  test('is missing: the error says what', async () => {
    await expect(syn.wiki.get(owner)).rejects.toThrow(NotFoundError);
    await syn.wiki.store(owner, { title: 'Home' });
    await expect(syn.wiki.get(owner, { title: 'home' })).rejects.toThrow(
      `${owner.id} has no wiki page with the title "home"`,
    );
    await expect(syn.wiki.get(owner, { id: '999999' })).rejects.toThrow(NotFoundError);
  });

  test('can have a text that is not compressed', async () => {
    const handle = await syn.fileHandles.upload(Buffer.from(unicode), { fileName: 'a.md' });
    const body = { title: 'Plain', markdownFileHandleId: handle.id ?? '' };
    await syn.services.wiki.createEntityWikiPage({ ownerId: owner.id, body });
    expect((await syn.wiki.get(owner)).markdown).toBe(unicode);
  });

  test.each([
    ['is cut off', gzipSync('some text').subarray(0, 20), 'cannot be decompressed'],
    ['is not UTF-8', Buffer.from([0xff, 0xfe, 0x41]), 'is not UTF-8'],
    ['is not UTF-8 and compressed', gzipSync(Buffer.from([0x41, 0xff])), 'is not UTF-8'],
  ])('whose text %s is an error', async (_, bytes, message) => {
    const handle = await syn.fileHandles.upload(bytes, { fileName: 'a.md.gz' });
    const body = { markdownFileHandleId: handle.id ?? '' };
    await syn.services.wiki.createEntityWikiPage({ ownerId: owner.id, body });
    const call = syn.wiki.get(owner);
    await expect(call).rejects.toThrow(DownloadError);
    await expect(call).rejects.toThrow(message);
  });

  test('is not created with half a character', async () => {
    const calls = await clients.calls(() =>
      expect(syn.wiki.store(owner, { markdown: 'a\ud83e' })).rejects.toThrow(ArgumentError),
    );
    expect(calls).toEqual([]);
  });

  test('is not created from a file in another encoding', async () => {
    const path = await clients.file('latin1.md', Buffer.from([0x41, 0xe9]));
    await expect(syn.wiki.store(owner, { markdown: { path } })).rejects.toThrow('UTF-8');
    const missing = { path: join(clients.folder, 'missing.md') };
    await expect(syn.wiki.store(owner, { markdown: missing })).rejects.toThrow(FileSystemError);
  });
});

describe('an update', () => {
  test('of the root page needs no id, and keeps what is not given', async () => {
    const first = await syn.wiki.store(owner, { title: 'Home', markdown: 'one' });
    const second = await syn.wiki.store(owner, { markdown: 'two' });
    expect(second).toMatchObject({ id: first.id, title: 'Home' });
    expect(second.etag).not.toBe(first.etag);
    expect((await syn.wiki.get(owner)).markdown).toBe('two');
  });

  test('that changes nothing sends nothing', async () => {
    const path = await clients.file('a.txt', 'attached');
    const page = { title: 'Home', markdown: unicode, attachments: [path] };
    const stored = await syn.wiki.store(owner, page);
    const calls = await clients.calls(async () => {
      expect(await syn.wiki.store(owner, page)).toEqual(stored);
      expect(await syn.wiki.store(owner, { ...stored, ...page })).toEqual(stored);
    });
    const once = ['file.getFileHandleBatch', 'wiki.listEntityWikiAttachmentHandles'];
    expect(calls).toEqual([
      'wiki.getEntityRootWikiPage',
      ...once,
      'wiki.getEntityWikiPage',
      ...once,
    ]);
  });

  test('with the text of a file that was compressed otherwise sends nothing', async () => {
    const bytes = gzipSync(unicode, { level: 1 });
    const handle = await syn.fileHandles.upload(bytes, { fileName: 'a.md.gz' });
    const body = { title: 'T', markdownFileHandleId: handle.id ?? '' };
    const { etag } = await syn.services.wiki.createEntityWikiPage({ ownerId: owner.id, body });
    expect((await syn.wiki.store(owner, { markdown: unicode })).etag).toBe(etag);
  });

  test('with an old etag is refused', async () => {
    const page = await syn.wiki.store(owner, { title: 'Home', markdown: 'one' });
    await syn.wiki.store(owner, { markdown: 'two' });
    const call = syn.wiki.store(owner, { ...page, markdown: 'three' });
    await expect(call).rejects.toThrow(PreconditionFailedError);
    expect((await syn.wiki.get(owner)).markdown).toBe('two');
  });

  test('with the etag of the current version is stored', async () => {
    await syn.wiki.store(owner, { title: 'Home', markdown: 'one' });
    const page = await syn.wiki.get(owner);
    await syn.wiki.store(owner, { ...page, markdown: 'two' });
    expect((await syn.wiki.get(owner)).markdown).toBe('two');
  });

  test('moves a page below another', async () => {
    const { id: parentId } = await syn.wiki.store(owner, { title: 'Home' });
    const a = await syn.wiki.store(owner, { title: 'A', parentId, markdown: 'a' });
    const b = await syn.wiki.store(owner, { title: 'B', parentId, markdown: 'b' });
    await syn.wiki.store(owner, { id: b.id, parentId: a.id });
    expect(await syn.wiki.get(owner, { title: 'B' })).toMatchObject({ parentId: a.id });
  });

  test('of a page that does not exist is an error', async () => {
    await syn.wiki.store(owner, { title: 'Home' });
    const call = syn.wiki.store(owner, { id: '999999', markdown: 'x' });
    await expect(call).rejects.toThrow(NotFoundError);
  });
});

describe('attachments', () => {
  const names = ['plain.txt', "a_b.c (1)+'.txt", 'ü 🧬.txt', 'a&b=c?d#e%2Fg+f.txt', '"quoted".txt'];

  /** A file handle of any name, which only the copy of a file handle can have. */
  async function named(fileName: string, content: string): Promise<{ id: string }> {
    const bytes = Buffer.from(content);
    const { id: fileHandleId = '' } = await syn.fileHandles.upload(bytes, { fileName: 'x.txt' });
    const { id } = await syn.wiki.store(owner, { attachments: [{ id: fileHandleId }] });
    const file = { fileHandleId, associateObjectId: id } as const;
    const [copy] = await syn.fileHandles.copy([
      { ...file, associateObjectType: 'WikiAttachment', newFileName: fileName },
    ]);
    await syn.wiki.store(owner, { attachmentFileHandleIds: [] });
    return { id: copy?.fileHandle?.id ?? '' };
  }

  test.each(names)('can have the name %s', async (name) => {
    const file = await named(name, `content of ${name}`);
    await syn.wiki.store(owner, { title: 'Home', attachments: [file] });
    const { attachments, previews } = await syn.wiki.attachments(owner);
    expect(attachments.map(({ fileName }) => fileName)).toEqual([name]);
    expect(previews.filter(({ fileName }) => fileName === name)).toEqual([]);
    const downloadLocation = join(clients.folder, 'down', name);
    const local = await syn.wiki.getAttachment(owner, undefined, name, { downloadLocation });
    expect(local).toBe(join(downloadLocation, name));
    expect(await readFile(local, 'utf8')).toBe(`content of ${name}`);
    const stream = await syn.wiki.streamAttachment(owner, undefined, name);
    expect(await text(stream)).toBe(`content of ${name}`);
  });

  test('are added to those of the page, and replace one of the same name', async () => {
    const a = await clients.file('a.txt', 'a');
    const b = await clients.file('b.txt', 'b');
    await syn.wiki.store(owner, { title: 'Home', attachments: [a, b] });
    const newB = await clients.file('b.txt', 'another b');
    const c = await clients.file('local.txt', 'c');
    await syn.wiki.store(owner, { attachments: [newB, { path: c, fileName: 'c.txt' }] });
    const { attachments } = await syn.wiki.attachments(owner);
    const sizes = attachments.map(({ fileName, contentSize }) => [fileName, contentSize]);
    expect(new Map(sizes as [string, number][])).toEqual(
      new Map([
        ['a.txt', 1],
        ['b.txt', 9],
        ['c.txt', 1],
      ]),
    );
  });

  test('are removed by leaving them out of attachmentFileHandleIds', async () => {
    const a = await clients.file('a.txt', 'a');
    const b = await clients.file('b.txt', 'b');
    const page = await syn.wiki.store(owner, { title: 'Home', attachments: [a, b] });
    const [kept = ''] = page.attachmentFileHandleIds;
    const next = await syn.wiki.store(owner, { attachmentFileHandleIds: [kept] });
    expect(next.attachmentFileHandleIds).toEqual([kept]);
    expect(
      (await syn.wiki.store(owner, { attachmentFileHandleIds: [] })).attachmentFileHandleIds,
    ).toEqual([]);
  });

  test('can be file handles', async () => {
    const handle = await syn.fileHandles.upload(Buffer.from('x'), { fileName: 'x.txt' });
    const { id = '' } = handle;
    const page = await syn.wiki.store(owner, { title: 'Home', attachments: [{ id }] });
    expect(page.attachmentFileHandleIds).toEqual([id]);
  });

  test('of one name, or empty, or missing are refused before anything is sent', async () => {
    const a = await clients.file('a.txt', 'a');
    const other = await clients.file('a.txt', 'b');
    const empty = await clients.file('empty.txt', '');
    const calls = await clients.calls(async () => {
      await expect(syn.wiki.store(owner, { attachments: [a, other] })).rejects.toThrow(
        'Two attachments have the name "a.txt"',
      );
      await expect(syn.wiki.store(owner, { attachments: [empty] })).rejects.toThrow('empty');
      const missing = [join(clients.folder, 'missing')];
      await expect(syn.wiki.store(owner, { attachments: missing })).rejects.toThrow(
        FileSystemError,
      );
    });
    expect(calls).toEqual([]);
  });

  test('with a name that Synapse refuses are refused before anything is sent', async () => {
    const path = await clients.file('ü.txt', 'a');
    const calls = await clients.calls(() =>
      expect(syn.wiki.store(owner, { attachments: [path] })).rejects.toThrow('Give it another'),
    );
    expect(calls).toEqual([]);
    const attachments = [{ path, fileName: 'ue.txt' }];
    expect((await syn.wiki.store(owner, { attachments })).attachmentFileHandleIds).toHaveLength(1);
  });

  test('that the page does not have are an error with the names that it has', async () => {
    const a = await clients.file('a.txt', 'a');
    await syn.wiki.store(owner, { title: 'Home', attachments: [a] });
    const call = syn.wiki.getAttachment(owner, undefined, 'A.txt');
    await expect(call).rejects.toThrow(NotFoundError);
    await expect(call).rejects.toThrow('It has: "a.txt".');
  });

  test('do not replace a local file without overwrite', async () => {
    const a = await clients.file('a.txt', 'new');
    await syn.wiki.store(owner, { title: 'Home', attachments: [a] });
    const local = await clients.file('a.txt', 'mine');
    const downloadLocation = join(local, '..');
    const again = { downloadLocation, overwrite: true };
    const call = syn.wiki.getAttachment(owner, undefined, 'a.txt', { downloadLocation });
    await expect(call).rejects.toThrow(FileSystemError);
    await syn.wiki.getAttachment(owner, undefined, 'a.txt', again);
    expect(await readFile(local, 'utf8')).toBe('new');
  });

  test('cannot leave the download folder by their name', async () => {
    const attachments = [await named('../../evil.txt', 'x')];
    await syn.wiki.store(owner, { title: 'Home', attachments });
    const downloadLocation = join(clients.folder, 'safe');
    const local = await syn.wiki.getAttachment(owner, undefined, '../../evil.txt', {
      downloadLocation,
    });
    expect(local.startsWith(`${downloadLocation}/`)).toBe(true);
  });

  test('have previews, which are told apart', async () => {
    const path = await clients.file('notes.txt', 'Notes of the study.\n');
    const page = await syn.wiki.store(owner, { title: 'Home', attachments: [path] });
    const settings = { downloadLocation: join(clients.folder, 'previews'), overwrite: true };
    const preview = (): Promise<string> =>
      syn.wiki.getAttachmentPreview(owner, page, 'notes.txt', settings);
    // Synapse makes it in the background; the embedded one answers when it is there.
    expect(await readFile(await preview(), 'utf8')).toContain('Notes of the study.');
    expect(await readFile(await preview(), 'utf8')).toContain('Notes of the study.');
    const { attachments, previews } = await syn.wiki.attachments(owner, page);
    expect(attachments.map(({ fileName }) => fileName)).toEqual(['notes.txt']);
    expect(previews).toMatchObject([{ isPreview: true, id: expect.any(String) }]);
    const another = await clients.file('b.txt', 'b');
    const next = await syn.wiki.store(owner, { attachments: [another] });
    expect(next.attachmentFileHandleIds).toHaveLength(2);
  });

  test('without a preview say so', async () => {
    const path = await clients.file('data.bin', 'x');
    await syn.wiki.store(owner, { title: 'Home', attachments: [path] });
    await expect(syn.wiki.getAttachmentPreview(owner, undefined, 'data.bin')).rejects.toThrow(
      'has no preview',
    );
  });
});

describe('the history of a page', () => {
  test('lists the versions, newest first, and each can be read and restored', async () => {
    const page = await syn.wiki.store(owner, { title: 'Home', markdown: 'zero' });
    await syn.wiki.store(owner, { markdown: 'one' });
    await syn.wiki.store(owner, { title: 'Two', markdown: 'two' });
    const history = await all(syn.wiki.history(owner));
    expect(history.map(({ version }) => version)).toEqual([2, 1, 0]);
    const old = await syn.wiki.get(owner, { version: 0 });
    expect(old).toMatchObject({ id: page.id, title: 'Home', markdown: 'zero' });
    await syn.wiki.restore(owner, page, 0);
    expect(await syn.wiki.get(owner)).toMatchObject({ title: 'Home', markdown: 'zero' });
    expect(await all(syn.wiki.history(owner, page.id))).toHaveLength(4);
  });

  test('has more versions than a page of the list', async () => {
    await syn.wiki.store(owner, { markdown: 'start' });
    for (let index = 0; index < 30; index += 1) {
      await syn.wiki.store(owner, { title: `Title ${index}` });
    }
    expect(await all(syn.wiki.history(owner))).toHaveLength(31);
  });
});

describe('the text of a page as a file', () => {
  test('is decompressed', async () => {
    await syn.wiki.store(owner, { markdown: unicode });
    const destination = join(clients.folder, 'new', `${owner.id}.md`);
    expect(await syn.wiki.markdownFile(owner, undefined, { destination })).toBe(destination);
    expect(await readFile(destination, 'utf8')).toBe(unicode);
    await expect(syn.wiki.markdownFile(owner, undefined, { destination })).rejects.toThrow(
      FileSystemError,
    );
  });

  test.each(['', 'a', 'plain text'])('is as it is when it is not compressed: %j', async (plain) => {
    const bytes = plain === '' ? gzipSync('') : Buffer.from(plain);
    const handle = await syn.fileHandles.upload(bytes, { fileName: 'a.md' });
    const body = { markdownFileHandleId: handle.id ?? '' };
    await syn.services.wiki.createEntityWikiPage({ ownerId: owner.id, body });
    const destination = join(clients.folder, `${owner.id}-plain.md`);
    await syn.wiki.markdownFile(owner, undefined, { destination });
    expect(await readFile(destination, 'utf8')).toBe(plain);
  });

  test('that is damaged leaves no file', async () => {
    const bytes = gzipSync('x'.repeat(1000)).subarray(0, 15);
    const handle = await syn.fileHandles.upload(bytes, { fileName: 'a.md' });
    const body = { markdownFileHandleId: handle.id ?? '' };
    await syn.services.wiki.createEntityWikiPage({ ownerId: owner.id, body });
    const destination = join(clients.folder, `${owner.id}-damaged.md`);
    const call = syn.wiki.markdownFile(owner, undefined, { destination });
    await expect(call).rejects.toThrow('cannot be decompressed');
    await expect(readFile(destination)).rejects.toThrow('ENOENT');
  });
});

describe('the pages of a wiki', () => {
  test('are listed, and form a tree in the order of the hint', async () => {
    const root = await syn.wiki.store(owner, { title: 'Home' });
    const pages = [];
    for (const title of ['A', 'B', 'C']) {
      pages.push(await syn.wiki.store(owner, { title, parentId: root.id }));
    }
    const [a, b, c] = pages.map(({ id }) => id);
    const headers = await all(syn.wiki.headers(owner));
    expect(headers.map(({ title }) => title)).toEqual(['Home', 'A', 'B', 'C']);
    const hint = await syn.wiki.setOrderHint(owner, [root.id, c ?? '', a ?? '']);
    expect(await syn.wiki.orderHint(owner)).toEqual(hint);
    const tree = await syn.wiki.tree(owner);
    expect(tree.children.map(({ id }) => id)).toEqual([c, a, b]);
    const calls = await clients.calls(() => syn.wiki.setOrderHint(owner, hint.ids));
    expect(calls).toEqual(['wiki.getEntityWikiOrderHint']);
    const stale = syn.wiki.setOrderHint(owner, [], { etag: 'another' });
    await expect(stale).rejects.toThrow(PreconditionFailedError);
  });

  test('are deleted with those below', async () => {
    const root = await syn.wiki.store(owner, { title: 'Home' });
    const a = await syn.wiki.store(owner, { title: 'A', parentId: root.id });
    await syn.wiki.store(owner, { title: 'B', parentId: a.id });
    await syn.wiki.delete(owner, a);
    expect(await all(syn.wiki.headers(owner))).toHaveLength(1);
  });

  test('of an owner without a wiki are an error', async () => {
    await expect(all(syn.wiki.headers(owner))).rejects.toThrow(NotFoundError);
    await expect(syn.wiki.tree(owner)).rejects.toThrow(NotFoundError);
  });
});

describe('another user', () => {
  test('may neither read nor write a private wiki', async () => {
    await syn.wiki.store(owner, { title: 'Home', markdown: 'x' });
    const bob = await clients.open('bob');
    await expect(bob.wiki.get(owner.id)).rejects.toThrow(AuthorizationError);
    await expect(bob.wiki.store(owner.id, { markdown: 'y' })).rejects.toThrow(AuthorizationError);
    await syn.setPermissions(owner, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
    expect((await bob.wiki.get(owner.id)).markdown).toBe('x');
    await expect(bob.wiki.store(owner.id, { markdown: 'y' })).rejects.toThrow(AuthorizationError);
  });
});

describe('the owner of a wiki', () => {
  test('can be an evaluation', async () => {
    const body = { name: `Queue of ${owner.id}`, contentSource: owner.id };
    const evaluation = await syn.services.evaluation.createEvaluation({ body });
    const file = await clients.file('a.txt', 'attached');
    const root = await syn.wiki.store({ evaluation }, { title: 'Rules', attachments: [file] });
    await syn.wiki.store({ evaluation }, { title: 'Sub', parentId: root.id, markdown: 'x' });
    const id = evaluation.id ?? '';
    const page = await syn.wiki.get({ evaluation: id }, { title: 'Sub' });
    expect(page.markdown).toBe('x');
    expect((await syn.wiki.tree({ evaluation: id })).children).toHaveLength(1);
    const { attachments } = await syn.wiki.attachments({ evaluation: id });
    expect(attachments).toHaveLength(1);
    expect(await all(syn.wiki.history({ evaluation: id }, root))).toHaveLength(1);
    await syn.wiki.restore({ evaluation: id }, root, 0);
    await syn.wiki.delete({ evaluation: id }, page);
    expect(await all(syn.wiki.headers({ evaluation }))).toHaveLength(1);
  });

  test('can be an access requirement', async () => {
    const admin = await clients.open('admin');
    const accessRequirement = await admin.services.accessRequirement.createAccessRequirement({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
        accessType: 'DOWNLOAD',
        subjectIds: [{ id: owner.id, type: 'ENTITY' }],
      },
    });
    await admin.wiki.store({ accessRequirement }, { title: 'Terms', markdown: 'terms' });
    const page = await syn.wiki.get({ accessRequirement: accessRequirement.id ?? 0 });
    expect(page).toMatchObject({ title: 'Terms', markdown: 'terms' });
  });

  test('has one wiki for all its versions', async () => {
    await expect(syn.wiki.get(`${owner.id}.1`)).rejects.toThrow(ArgumentError);
  });
});
