import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Project, Synapse, type Stored } from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';
import { InterceptedSynapse } from './interceptedSynapse.js';

let synapse: InterceptedSynapse;
let project: Project & Stored;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-endless-'));
  synapse = await InterceptedSynapse.start();
  const { endpoint, authToken } = synapse.local;
  const syn = new Synapse({ endpoint, cacheDir: join(home, 'cache'), environment: {} });
  await syn.login({ authToken });
  project = await syn.store(new Project({ name: 'Endless' }));
  await syn.close();
});
afterEach(() => (synapse.answer = undefined));
afterAll(async () => {
  await synapse.close();
  await rm(home, { recursive: true, force: true });
});

const child = (id: string): object => ({
  id,
  name: id,
  type: 'org.sagebionetworks.repo.model.FileEntity',
});

/** Lists of children that never end, by the number of the page. */
const lists: readonly [name: string, page: (index: number) => object][] = [
  ['the same page again', (index) => ({ page: [child('syn9')], nextPageToken: `t${index}` })],
  ['the same token again', (index) => ({ page: [child(`syn${index}`)], nextPageToken: 't' })],
  ['empty pages', (index) => ({ page: [], nextPageToken: `t${index}` })],
];

describe.each(lists)('a server that sends %s for ever', (_name, page) => {
  test.each([
    ['list', () => ['list', project.id]],
    ['list --recursive', () => ['list', '--recursive', project.id]],
    ['get -r', () => ['get', '-r', project.id, '--download-location', 'into']],
    [
      'api --paginate',
      () => [
        'api',
        'entity.listEntityChildren',
        '--paginate',
        '--body',
        JSON.stringify({ parentId: project.id, includeTypes: ['file'] }),
      ],
    ],
  ])(
    'ends %s with an error',
    async (_command, args) => {
      let index = 0;
      synapse.answer = (request, response) => {
        if (request.url !== '/repo/v1/entity/children') return false;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(page((index += 1))));
        return true;
      };
      const { endpoint, authToken } = synapse.local;
      const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
      const { status, stderr } = await runSynapse(args(), { home, env });
      expect([1, 5]).toContain(status);
      expect(stderr).toMatch(/no end/);
      expect(index).toBeLessThan(110);
    },
    30_000,
  );
});

test.each(['', '0'.repeat(5), '0'.repeat(1_000_000)])(
  'an upload with another number of parts than the file has is an error (%#)',
  async (partsState) => {
    await writeFile(join(home, 'data.txt'), 'data');
    let starts = 0;
    synapse.rewrite = (path, body) => {
      if (!path.startsWith('/file/v1/file/multipart?')) return body;
      starts += 1;
      return { ...(body as object), partsState };
    };
    const { endpoint, authToken } = synapse.local;
    const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
    const { status, stderr } = await runSynapse(['store', 'data.txt', '--parent-id', project.id], {
      home,
      env,
    });
    synapse.rewrite = undefined;
    expect(status).toBe(1);
    expect(stderr).toContain('does not allow: `partsState` of file.createMultipartUpload');
    expect([starts, synapse.up]).toEqual([1, 0]);
  },
  30_000,
);
