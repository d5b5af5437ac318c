import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Synapse, type Project, type Stored } from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';
import { markdownExamples } from '../helpers/examples.js';
import { withServer } from '../helpers/withServer.js';
import { createStudy, downloadedFiles, installSynapse, manifestLines } from './clusterStudy.js';

/** A download by the jobs of Snakemake, as docs/guides/cluster.md shows it. */
const run = promisify(execFile);
const isInstalled = spawnSync('snakemake', ['--version']).status === 0;

if (!isInstalled) {
  test.skip('rules of Snakemake (it is missing: apt-get install snakemake)', () => undefined);
}

(isInstalled ? describe : describe.skip)('rules of Snakemake', () => {
  const server = withServer();
  let folder: string;
  let syn: Synapse;
  let project: Project & Stored;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-snakemake-'));
    const { endpoint, authToken } = server.synapse;
    const [configPath, cacheDir] = [join(folder, 'none'), join(folder, 'cache')];
    syn = new Synapse({ endpoint, environment: {}, configPath, cacheDir });
    await syn.login({ authToken });
    project = await createStudy(syn, folder);
  });
  afterAll(async () => {
    await syn.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('give what one download gives', async () => {
    const { endpoint, authToken } = server.synapse;
    const env = {
      HOME: folder,
      PATH: `${await installSynapse(folder)}:${process.env['PATH'] ?? ''}`,
      SYNAPSE_ENDPOINT: endpoint,
      SYNAPSE_AUTH_TOKEN: authToken,
      CI: 'true',
    };
    const [rules] = markdownExamples('docs/guides/cluster.md', 'python');
    await writeFile(
      join(folder, 'Snakefile'),
      (rules?.text ?? '').replaceAll('syn123', project.id),
    );
    await run('snakemake', ['--cores', '2', '--nocolor'], { cwd: folder, env });
    const one = ['get', '-r', project.id, '--manifest', 'root', '--no-cache'];
    const ended = await runSynapse([...one, '--download-location', 'one'], { home: folder, env });
    expect(ended.status).toBe(0);
    const [data, whole] = [join(folder, 'data'), join(folder, 'one')];
    expect(await downloadedFiles(data)).toEqual(await downloadedFiles(whole));
    expect(await manifestLines(data)).toEqual(await manifestLines(whole));
  }, 120_000);
});
