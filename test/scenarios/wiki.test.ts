import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Synapse } from '../../src/index.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

/**
 * A data manager writes the wiki of a study, exports it to a folder, edits it there, imports it into the wiki it came from, and makes
 * the wiki of a second study of the same folder. Once with the methods of this client, once with the operations of the service and
 * file handles by hand: both leave the same wikis.
 */
let servers: LocalSynapse[] = [];
let clients: Synapse[] = [];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapse-wiki-scenario-'));
  servers = await Promise.all([startLocalSynapse(), startLocalSynapse()]);
  clients = await Promise.all(
    servers.map(async (server, index) => {
      const { endpoint, authToken } = server;
      const syn = new Synapse({
        endpoint,
        environment: {},
        configPath: join(folder, 'none'),
        cacheDir: join(folder, `cache-${index}`),
      });
      await syn.login({ authToken });
      return syn;
    }),
  );
});
afterAll(async () => {
  await Promise.all(clients.map((syn) => syn.close()));
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

const plot = 'A picture of sleep.';
const methods = '# Methods\r\nThe mice slept.\r\n';
const edited = '# Methods\nThe mice slept well.\n';
const news = '# News\nThe study is complete.\n';

/** Ids that the scenario knows. */
interface Ids {
  study: string;
  second: string;
  home: string;
  methods: string;
  news: string;
  secondHome: string;
  secondMethods: string;
  secondNews: string;
}

const homeText = (study: string, page: string): string =>
  `# Sleep of mice\nSee [methods](#!Synapse:${study}/wiki/${page}).\n\${image?fileName=plot%2Etxt}\n`;

/** The story, with the methods of this client. */
async function withClient(syn: Synapse): Promise<Ids> {
  const [study, second] = await projects(syn);
  const plotFile = join(folder, 'plot.txt');
  await writeFile(plotFile, plot);
  const home = await syn.wiki.store(study, { title: 'Home', markdown: '' });
  const page = await syn.wiki.store(study, {
    title: 'Methods',
    parentId: home.id,
    markdown: methods,
  });
  const markdown = homeText(study, page.id);
  await syn.wiki.store(study, { ...home, markdown, attachments: [plotFile] });
  await syn.wiki.setOrderHint(study, [home.id, page.id]);
  const wiki = join(folder, 'wiki');
  await syn.wiki.export(study, wiki);
  await writeFile(join(wiki, 'Home/Methods.md'), edited);
  await mkdir(join(wiki, 'Home'), { recursive: true });
  await writeFile(join(wiki, 'Home/News.md'), news);
  const own = await syn.wiki.import(wiki, study);
  const other = await syn.wiki.import(wiki, second);
  const idOf = ({ pages }: typeof own, file: string): string =>
    pages.find((each) => each.file === file)?.id ?? '';
  return {
    study,
    second,
    home: home.id,
    methods: page.id,
    news: idOf(own, 'Home/News.md'),
    secondHome: idOf(other, 'Home.md'),
    secondMethods: idOf(other, 'Home/Methods.md'),
    secondNews: idOf(other, 'Home/News.md'),
  };
}

/** The story, with the operations of the service. */
async function withOperations(syn: Synapse): Promise<Ids> {
  const { wiki } = syn.services;
  const [study, second] = await projects(syn);
  const text = (content: string): Promise<string> =>
    upload(syn, gzipSync(content), { fileName: 'markdown.md.gz', type: 'application/x-gzip' });
  const attach = (): Promise<string> =>
    upload(syn, Buffer.from(plot), { fileName: 'plot.txt', type: 'text/plain' });
  const create = async (
    ownerId: string,
    page: { title: string; content: string; parent?: string; files?: string[] },
  ): Promise<string> => {
    const { id = '' } = await wiki.createEntityWikiPage({
      ownerId,
      body: {
        title: page.title,
        parentWikiId: page.parent,
        markdownFileHandleId: await text(page.content),
        attachmentFileHandleIds: page.files ?? [],
      },
    });
    return id;
  };
  const update = async (
    ownerId: string,
    wikiId: string,
    content: string,
    files?: string[],
  ): Promise<void> => {
    const current = await wiki.getEntityWikiPage({ ownerId, wikiId });
    const markdownFileHandleId = await text(content);
    const attachmentFileHandleIds = files ?? current.attachmentFileHandleIds ?? [];
    const body = { ...current, markdownFileHandleId, attachmentFileHandleIds };
    await wiki.updateEntityWikiPage({ ownerId, wikiId, body });
  };
  const order = async (ownerId: string, idList: string[]): Promise<void> => {
    const hint = await wiki.getEntityWikiOrderHint({ ownerId });
    await wiki.updateEntityWikiOrderHint({ ownerId, body: { ...hint, idList } });
  };
  const home = await create(study, { title: 'Home', content: '' });
  const page = await create(study, { title: 'Methods', content: methods, parent: home });
  await update(study, home, homeText(study, page), [await attach()]);
  await order(study, [home, page]);
  await update(study, page, edited);
  const added = await create(study, { title: 'News', content: news, parent: home });
  // A page has its text when the pages that it links to exist.
  const files = [await attach()];
  const title = 'Home';
  const secondHome = await create(second, { title, content: 'links follow', files });
  const parent = secondHome;
  const secondMethods = await create(second, { title: 'Methods', content: edited, parent });
  const secondNews = await create(second, { title: 'News', content: news, parent });
  await update(second, secondHome, homeText(second, secondMethods));
  await order(second, [secondHome, secondMethods]);
  return {
    study,
    second,
    home,
    methods: page,
    news: added,
    secondHome,
    secondMethods,
    secondNews,
  };
}

async function projects(syn: Synapse): Promise<[string, string]> {
  const [study, second] = await Promise.all(
    ['Study', 'Second study'].map((name) =>
      syn.services.entity.createEntity({
        body: { concreteType: 'org.sagebionetworks.repo.model.Project', name },
      }),
    ),
  );
  return [study?.id ?? '', second?.id ?? ''];
}

/** Uploads a file in one part, by hand. */
async function upload(
  syn: Synapse,
  content: Buffer,
  { fileName, type }: { fileName: string; type: string },
): Promise<string> {
  const { file } = syn.services;
  const hex = createHash('md5').update(content).digest('hex');
  const { uploadId } = await file.createMultipartUpload({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      fileName,
      contentType: type,
      contentMD5Hex: hex,
      fileSizeBytes: content.length,
      partSizeBytes: 5 * 1024 * 1024,
    },
    forceRestart: true,
  });
  const { partPresignedUrls } = await file.getMultipartUploadUrlBatch({
    uploadId,
    body: { uploadId, partNumbers: [1] },
  });
  const url = partPresignedUrls[0]?.uploadPresignedUrl ?? '';
  await fetch(url, { method: 'PUT', body: new Uint8Array(content) });
  await file.addMultipartUploadPart({ uploadId, partNumber: 1, partMD5Hex: hex });
  const { resultFileHandleId = '' } = await file.completeMultipartUpload({ uploadId });
  return resultFileHandleId;
}

/** The wikis, read with the operations of the service. */
async function stateOf(syn: Synapse, ids: Ids): Promise<unknown> {
  const { wiki } = syn.services;
  const wikis = [ids.study, ids.second].map(async (ownerId) => {
    const { results: list } = await wiki.listEntityWikiHeaders({ ownerId });
    const pages = list.map(async ({ id: wikiId = '', ...header }) => {
      const url = await wiki.getEntityWikiMarkdownUrl({ ownerId, wikiId });
      const stored = Buffer.from(await (await fetch(url)).arrayBuffer());
      const { list: handles } = await wiki.listEntityWikiAttachmentHandles({ ownerId, wikiId });
      return {
        header: { ...header, id: wikiId },
        markdown: gunzipSync(stored).toString('utf8'),
        attachments: handles.map(({ fileName, contentType, contentMd5 }) => {
          return { fileName, contentType, contentMd5 };
        }),
      };
    });
    const order = await wiki.getEntityWikiOrderHint({ ownerId });
    return { pages: await Promise.all(pages), order: order.idList };
  });
  return Promise.all(wikis);
}

test('a wiki is written, exported, edited and imported; by hand, the same comes out', async () => {
  const [first, other] = clients;
  const [server] = servers;
  if (first === undefined || other === undefined || server === undefined) throw new Error('none');
  const { result: ids, calls } = await callsOf(server, () => withClient(first));
  const byHand = await withOperations(other);
  expect(comparable(await stateOf(first, ids), { ...ids })).toEqual(
    comparable(await stateOf(other, byHand), { ...byHand }),
  );
  expect(await readFile(join(folder, 'wiki/Home.md'), 'utf8')).toContain(
    'See [methods](Home/Methods.md).',
  );
  expect(calls).toEqual({
    'entity.createEntity': 2,
    // A root page that is missing does not tell whether the second study exists.
    'entity.getEntity': 1,
    // Nine texts and the picture. The second home page has two: it links to a page that is created after it.
    'file.createMultipartUpload': 10,
    'file.getMultipartUploadUrlBatch': 10,
    'PUT /storage': 10,
    'file.addMultipartUploadPart': 10,
    'file.completeMultipartUpload': 10,
    // The picture of the second study.
    'file.copyFileHandleBatch': 1,
    // All files of the export with one request, and the text that the page has before it is stored.
    'file.getFileHandleBatch': 2,
    'GET /storage': 4,
    'wiki.createEntityWikiPage': 6,
    'wiki.getEntityRootWikiPage': 3,
    'wiki.getEntityWikiPage': 4,
    'wiki.listEntityWikiHeaders': 2,
    'wiki.updateEntityWikiPage': 3,
    'wiki.getEntityWikiOrderHint': 3,
    'wiki.updateEntityWikiOrderHint': 2,
  });
});
