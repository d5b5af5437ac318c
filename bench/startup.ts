import { execFileSync, fork, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttp } from '../src/api/createHttp.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';
import { median, printFigures, type Figure } from './measure.js';

/**
 * Measures the startup time of the command line and of the library from the packed tarball, relative to an empty Node.js script. The
 * last two commands log in: `list` shows a project, and `get -r` finds nothing to do.
 */
const root = join(import.meta.dirname, '..');
const rounds = 15;
const home = mkdtempSync(join(tmpdir(), 'synapse-startup-'));

/** Packs the package and unpacks it beside the packages that are installed here. @returns the folder of the package */
function unpacked(): string {
  const pack = ['pack', '--silent', '--pack-destination', home];
  const [name = ''] = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n')
    .slice(-1);
  execFileSync('tar', ['-xzf', join(home, name), '-C', home]);
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'), 'junction');
  return join(home, 'package');
}

interface Budgets {
  library: number;
  version: number;
  help: number;
  list: number;
}

/** The maximum, in times of the empty script. Later versions of Node.js load modules of the same size in more time. */
const budgets: Budgets = process.version.startsWith('v20.')
  ? { library: 2.5, version: 1.8, help: 2.2, list: 3.5 }
  : { library: 3, version: 2.8, help: 3.3, list: 5 };

interface Start {
  args: string[];
  budget?: number;
}

const serverProcess = fork(join(import.meta.dirname, 'lib/paceServer.ts'), {
  execArgv: ['--import', 'tsx'],
});
const times = new Map<string, number[]>();
let commands: Readonly<Record<string, Start>> = {};
try {
  const { endpoint, authToken } = await nextMessage<BenchServer>(serverProcess);
  const project = await createProject(endpoint, authToken);
  const folder = unpacked();
  const run = join(folder, 'bin/run.js');
  const downloads = join(home, 'downloads');
  mkdirSync(downloads);
  // Nothing but what the commands need: a variable such as NODE_EXTRA_CA_CERTS makes Node.js itself slower.
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    USERPROFILE: home,
    CI: 'true',
    SYNAPSE_ENDPOINT: endpoint,
    SYNAPSE_AUTH_TOKEN: authToken,
  };
  commands = {
    'node -e 0': { args: ['-e', '0'] },
    'import of the library': {
      args: ['--import', join(folder, 'dist/src/index.js'), '-e', '0'],
      budget: budgets.library,
    },
    'synapse --version': { args: [run, '--version'], budget: budgets.version },
    'synapse get --help': { args: [run, 'get', '--help'], budget: budgets.help },
    'synapse list': { args: [run, 'list', project], budget: budgets.list },
    'synapse get -r': {
      args: [run, 'get', '-r', project, '--download-location', downloads],
      budget: 6,
    },
  };
  // Interleaved, so that other load on the machine affects all of them equally. The first rounds fill caches.
  for (let round = 0; round < rounds + 2; round += 1) {
    for (const [name, { args }] of Object.entries(commands)) {
      const taken = time(args, env);
      if (round >= 2) times.set(name, [...(times.get(name) ?? []), taken]);
    }
  }
} finally {
  serverProcess.disconnect();
  rmSync(home, { recursive: true, force: true });
}

const medians = [...times].map(([what, values]) => ({ what, value: median(values) }));
const baseline = medians[0]?.value ?? NaN;
process.stdout.write(`Node.js ${process.version}\n`);
printFigures(
  medians.flatMap(({ what, value }): Figure[] => {
    const budget = commands[what]?.budget;
    const time: Figure = { what, value, unit: 'ms' };
    return budget === undefined
      ? [time]
      : [time, { what: '  of node -e 0', value: value / baseline, unit: 'times', budget }];
  }),
);

/** Creates a project with three folders. */
async function createProject(endpoint: string, authToken: string): Promise<string> {
  const http = createHttp({ endpoint, accessToken: () => authToken });
  const create = async (type: 'Project' | 'Folder', name: string, parentId?: string) => {
    const concreteType = `org.sagebionetworks.repo.model.${type}` as const;
    const { id = '' } = await http.services.entity.createEntity({
      body: { concreteType, name, parentId },
    });
    return id;
  };
  const project = await create('Project', 'startup');
  for (const name of ['raw', 'aligned', 'results']) await create('Folder', name, project);
  await http.close();
  return project;
}

function time(args: string[], env: Record<string, string | undefined>): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}: ${stderr}`);
  return performance.now() - started;
}
