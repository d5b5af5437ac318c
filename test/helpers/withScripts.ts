import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll } from '@jest/globals';
import { File, Project, Table, type Synapse } from '../../src/index.js';
import { withCommands } from '../cli/withCommands.js';
import { installSynapse } from '../cluster/clusterStudy.js';

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
  const commands = withCommands();
  let bin: string;
  let ids: Scripts['ids'];
  beforeAll(async () => {
    const { home: folder, syn } = commands;
    bin = await installSynapse(folder);
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
  return {
    get folder() {
      return commands.home;
    },
    get syn() {
      return commands.syn;
    },
    get ids() {
      return ids;
    },
    run: (command, args) =>
      new Promise((resolve) => {
        const { endpoint, authToken } = commands.server;
        const env = {
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          HOME: commands.home,
          LANG: 'C.UTF-8',
          CI: 'true',
          NODE_DISABLE_COMPILE_CACHE: '1',
          SYNAPSE_ENDPOINT: endpoint,
          SYNAPSE_AUTH_TOKEN: authToken,
        };
        execFile(command, args, { cwd: commands.home, env }, (error, stdout, stderr) => {
          resolve({ status: Number(error?.code ?? 0), stdout, stderr });
        });
      }),
  };
}
