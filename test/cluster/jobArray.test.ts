import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Synapse, type Project, type Stored } from '../../src/index.js';
import { runSynapse, type Ended } from '../cli/runSynapse.js';
import { markdownExamples } from '../helpers/examples.js';
import { withServer } from '../helpers/withServer.js';
import { createStudy, downloadedFiles, installSynapse, manifestLines } from './clusterStudy.js';
import { slurmProblem, startSlurm, until, type Slurm } from './withSlurm.js';

/** A download by the tasks of a Slurm job array, as docs/guides/cluster.md shows it. */
const problem = slurmProblem();
const run = promisify(execFile);

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
    project = await createStudy(syn, slurm.folder);
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

  test('of which one task is killed and run again gives what one download gives', async () => {
    const { folder } = slurm;
    const command: Slurm['command'] = (...given) => slurm.command(...given);
    await installSynapse(folder);
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
    const [, merge] = markdownExamples('docs/guides/cluster.md', 'sh');
    await run('sh', ['-e', '-c', merge?.text ?? ''], { cwd: folder, env: environment() });
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
    expect(await downloadedFiles(data)).toEqual(await downloadedFiles(join(folder, 'one')));
    expect(await manifestLines(data)).toEqual(await manifestLines(join(folder, 'one')));
  }, 300_000);
});
