import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, Project, Synapse, type Stored } from '../../src/index.js';
import { runSynapse, type Ended } from '../cli/runSynapse.js';
import { markdownExamples } from '../helpers/examples.js';
import { withServer } from '../helpers/withServer.js';
import { slurmProblem, startSlurm, until, type Slurm } from './withSlurm.js';

/** A download by the tasks of a Slurm job array, as docs/guides/cluster.md shows it. */
const problem = slurmProblem();
const program = join(import.meta.dirname, '../../bin/run.js');

if (problem !== undefined) {
  test.skip(`a job array of Slurm (${problem})`, () => undefined);
}

(problem === undefined ? describe : describe.skip)('a job array of Slurm', () => {
  const server = withServer();
  let slurm: Slurm;
  let syn: Synapse;
  let project: Project & Stored;

  beforeAll(async () => {
    slurm = await startSlurm();
    const { endpoint, authToken } = server.synapse;
    const [configPath, cacheDir] = [join(slurm.folder, 'none'), join(slurm.folder, 'cache')];
    syn = new Synapse({ endpoint, environment: {}, configPath, cacheDir });
    await syn.login({ authToken });
    project = await syn.store(new Project({ name: 'a study' }));
    for (let folder = 0; folder < 4; folder += 1) {
      const parent = await syn.store(new Folder({ name: `folder ${folder}`, parent: project }));
      for (let number = 0; number < 6; number += 1) {
        const path = join(slurm.folder, `${folder}-${number}.txt`);
        await writeFile(path, `${folder} ${number} `.repeat(500 * (number + 1)));
        await syn.store(new File({ path, parent, annotations: { number } }));
      }
    }
  }, 120_000);
  afterAll(async () => {
    await syn.close();
    await slurm.stop();
  });

  function environment(): Record<string, string> {
    const { endpoint, authToken } = server.synapse;
    const bin = join(slurm.folder, 'bin');
    return {
      HOME: slurm.folder,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      SYNAPSE_ENDPOINT: endpoint,
      SYNAPSE_AUTH_TOKEN: authToken,
      CI: 'true',
    };
  }

  function synapse(...args: string[]): Promise<Ended> {
    return runSynapse(args, { home: slurm.folder, env: environment() });
  }

  async function filesOf(directory: string): Promise<Record<string, string>> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter(
        (entry) =>
          entry.isFile() &&
          !entry.name.startsWith('manifest') &&
          !entry.name.startsWith('SYNAPSE_'),
      )
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const contents = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    return Object.fromEntries(
      paths.map((path, index) => [path.slice(directory.length), contents[index] ?? '']),
    );
  }

  test('of which one task is killed and run again gives what one download gives', async () => {
    const { folder } = slurm;
    const command: Slurm['command'] = (...given) => slurm.command(...given);
    await mkdir(join(folder, 'bin'));
    const start = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
    await writeFile(join(folder, 'bin/synapse'), start, { mode: 0o755 });
    const [example] = markdownExamples('docs/guides/cluster.md', 'sh').filter(({ text }) =>
      text.includes('#SBATCH'),
    );
    // The third task is slow at first, so that it can be killed in the middle.
    const job = (example?.text ?? '')
      .replaceAll('syn123', project.id)
      .replace('--download-location', '$SLOW --download-location')
      .replace(
        '\nsynapse get',
        '\n[ "$SLURM_ARRAY_TASK_ID" = 2 ] && [ -z "$AGAIN" ] && SLOW="--limit-rate 4k"\nsynapse get',
      );
    expect(job).toContain('$SLOW');
    await writeFile(join(folder, 'job.sh'), `${job}echo $? > ended-$SLURM_ARRAY_TASK_ID\n`);
    const submit = async (tasks: string, more: Record<string, string> = {}): Promise<string> => {
      const args = ['--parsable', `--array=${tasks}`, `--chdir=${folder}`, 'job.sh'];
      return (
        await command('sbatch', [...args.slice(0, -1), join(folder, 'job.sh')], {
          ...environment(),
          ...more,
        })
      ).trim();
    };
    const first = await submit('0-3');
    await until('the other tasks have ended, and the third is running', async () => {
      const names = await readdir(folder);
      const running = await command('squeue', ['-h', '-t', 'R', '-j', first, '-o', '%K']);
      const isRunning = running.trim() === '2';
      return isRunning && ['0', '1', '3'].every((task) => names.includes(`ended-${task}`));
    });
    await command('scancel', ['--signal=KILL', '--full', `${first}_2`]);
    await slurm.end(first);
    expect(await readdir(folder)).not.toContain('ended-2');
    await slurm.end(await submit('2', { AGAIN: 'yes' }));
    for (const task of [0, 1, 2, 3]) {
      expect([task, await readFile(join(folder, `ended-${task}`), 'utf8')]).toEqual([task, '0\n']);
    }
    const data = join(folder, 'data');
    const parts = (await readdir(data)).filter((name) => name.startsWith('manifest.'));
    expect(parts).toHaveLength(4);
    const merged = await synapse(
      ...['manifest', 'merge', ...parts.map((name) => join(data, name))],
      ...['--output', join(data, 'manifest.csv')],
    );
    expect(merged).toMatchObject({ status: 0, stderr: '' });
    const one = await synapse(
      ...[
        'get',
        '-r',
        project.id,
        '--manifest',
        'root',
        '--no-cache',
        '--download-location',
        'one',
      ],
    );
    expect(one.status).toBe(0);
    expect(await filesOf(data)).toEqual(await filesOf(join(folder, 'one')));
    const rows = async (directory: string): Promise<string[]> => {
      const text = await readFile(join(directory, 'manifest.csv'), 'utf8');
      return text.replaceAll(directory, '').trim().split(/\r?\n/).sort();
    };
    expect(await rows(data)).toEqual(await rows(join(folder, 'one')));
  }, 300_000);
});
