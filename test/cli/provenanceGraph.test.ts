import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Folder, Project, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse } from './runSynapse.js';

const server = withServer();
let home: string;
let syn: Synapse;
let plot: string;
let data: string;
let gone: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-provenance-'));
  const { endpoint, authToken } = server.synapse;
  const configPath = join(home, 'none');
  syn = new Synapse({ endpoint, configPath, environment: {}, useCache: false });
  await syn.login({ authToken });
  const parent = (await syn.store(new Project({ name: 'Pictures' }))).id;
  const folder = async (name: string): Promise<string> =>
    (await syn.store(new Folder({ name, parent }))).id;
  data = await folder('data');
  gone = await folder('gone');
  plot = await folder('plot');
  await syn.provenance.set(plot, {
    name: 'Draw \u001b[31m<b>it</b>',
    used: [data, gone],
    executed: ['https://example.org/draw.R'],
  });
  await syn.delete(gone);
});
afterAll(async () => {
  await syn.close();
  await rm(home, { recursive: true, force: true });
});

const graph = (...args: string[]) =>
  runSynapse(['provenance', 'graph', ...args], {
    home,
    env: {
      SYNAPSE_ENDPOINT: server.synapse.endpoint,
      SYNAPSE_AUTH_TOKEN: server.synapse.authToken,
    },
  });

test('prints Mermaid, and says what is missing', async () => {
  const { status, stdout, stderr } = await graph(plot);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^flowchart LR\n {2}n1\["plot<br\/>syn\d+\.1 #183; Folder"\]:::entity\n/);
  expect(stdout).not.toContain('\u001b');
  expect(stderr).toBe(`${gone}.1: not found\n`);
});

test.each([
  ['dot', /^digraph provenance \{\n/],
  ['svg', /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /],
  ['prov-json', /^\{\n {2}"prefix": \{/],
])('writes %s to standard output, and the same to a file', async (format, start) => {
  const { stdout } = await graph(plot, '--format', format);
  expect(stdout).toMatch(start);
  expect(await graph(plot, '--format', format, '--output', 'out')).toMatchObject({
    status: 0,
    stdout: '',
  });
  expect(await readFile(join(home, 'out'), 'utf8')).toBe(stdout);
});

test('prints nodes and edges with --json, and events for what is missing', async () => {
  const { stdout, stderr } = await graph(plot, '--json');
  const { root, nodes, edges } = JSON.parse(stdout) as Record<string, unknown[]>;
  expect(root).toBe(`${plot}.1`);
  expect(nodes).toContainEqual(
    expect.objectContaining({ kind: 'entity', id: gone, state: 'missing' }),
  );
  expect(edges).toHaveLength(5);
  expect(JSON.parse(stderr)).toMatchObject({ kind: 'left-out', id: `${gone}.1` });
});

test('stops at a depth, and says so', async () => {
  const { stdout, stderr } = await graph(plot, '--depth', '0');
  expect(stdout).not.toContain('data');
  expect(stderr).toBe('Not looked up, because of the limits: the origin of 1 entity.\n');
});

test('of what does not exist ends with 4', async () => {
  expect(await graph('syn999999999')).toMatchObject({ status: 4, stdout: '' });
});
