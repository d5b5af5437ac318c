import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll } from '@jest/globals';
import { File, Project, Synapse, Table } from '../../src/index.js';
import { withServer } from './withServer.js';

const root = join(import.meta.dirname, '../..');

/** How a script ended. */
export interface EndedScript {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs scripts that use `synapse`, as a user who has logged in. */
export interface Scripts {
  readonly folder: string;
  readonly syn: Synapse;
  /** A project, a file in it, and a table in it. */
  readonly ids: { project: string; file: string; table: string };
  run(command: string, args: readonly string[]): Promise<EndedScript>;
}

/** Whether a program is installed. */
export function isInstalled(command: string, args: readonly string[] = ['--version']): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Creates a project with a file and a table before the tests of a file. */
export function withScripts(): Scripts {
  const server = withServer();
  let folder: string;
  let syn: Synapse;
  let ids: Scripts['ids'];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-scripts-'));
    await mkdir(join(folder, 'bin'));
    await symlink(join(root, 'bin/run.js'), join(folder, 'bin/synapse'));
    const { endpoint, authToken } = server.synapse;
    syn = new Synapse({ endpoint, environment: {}, configPath: '/dev/null', log: () => undefined });
    await syn.login({ authToken });
    const project = await syn.store(new Project({ name: 'Scripts' }));
    const path = join(folder, 'data.csv.gz');
    await writeFile(path, gzipSync('a,b\n1,2\n'));
    await writeFile(join(folder, 'notes.txt'), 'notes');
    await writeFile(join(folder, 'counts.csv'), 'gene,count\nA,1\n');
    await mkdir(join(folder, 'results'));
    await writeFile(join(folder, 'results/summary.txt'), 'one line');
    const file = await syn.store(
      new File({ path, parentId: project.id, annotations: { tissue: ['Größe 漢', 'liver'] } }),
    );
    const columns = { a: 'INTEGER', name: 'STRING' } as const;
    const table = await syn.store(new Table({ name: 'rows', parent: project, columns }));
    await writeFile(join(folder, 'rows.csv'), 'a,name\n1,"Größe ""漢"", 😀"\n2,\n');
    await syn.tables.append(table.id, join(folder, 'rows.csv'));
    ids = { project: project.id, file: file.id, table: table.id };
  });
  afterAll(async () => {
    await syn.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get syn() {
      return syn;
    },
    get ids() {
      return ids;
    },
    run: (command, args) =>
      new Promise((resolve) => {
        const { endpoint, authToken } = server.synapse;
        const env = {
          PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
          HOME: folder,
          LANG: 'C.UTF-8',
          CI: 'true',
          SYNAPSE_ENDPOINT: endpoint,
          SYNAPSE_AUTH_TOKEN: authToken,
        };
        execFile(command, args, { cwd: folder, env }, (error, stdout, stderr) => {
          resolve({ status: Number(error?.code ?? 0), stdout, stderr });
        });
      }),
  };
}
