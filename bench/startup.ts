import { fork, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttp } from '../src/api/createHttp.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';
import { median, printFigures, type Figure } from './measure.js';

/**
 * Measures the startup time of the command line and of the library, relative to an empty Node.js script. The last
 * command logs in, lists a project, and finds nothing to do.
 */
const run = join(import.meta.dirname, '../bin/run.js');
const library = join(import.meta.dirname, '../dist/src/index.js');
const rounds = 15;
const home = mkdtempSync(join(tmpdir(), 'synapse-startup-'));
const serverProcess = fork(join(import.meta.dirname, 'lib/paceServer.ts'), {
  execArgv: ['--import', 'tsx'],
});
const { endpoint, authToken } = await nextMessage<BenchServer>(serverProcess);
const http = createHttp({ endpoint, accessToken: () => authToken });
const { id: project = '' } = await http.services.entity.createEntity({
  body: { concreteType: 'org.sagebionetworks.repo.model.Project', name: 'empty' },
});
await http.close();
const env = {
  PATH: process.env['PATH'],
  HOME: home,
  USERPROFILE: home,
  CI: 'true',
  SYNAPSE_ENDPOINT: endpoint,
  SYNAPSE_AUTH_TOKEN: authToken,
};

interface Start {
  args: string[];
  /** The maximum, in times of the empty script. */
  budget?: number;
}

const commands: Readonly<Record<string, Start>> = {
  'node -e 0': { args: ['-e', '0'] },
  'import of the library': { args: ['--import', library, '-e', '0'], budget: 3.5 },
  'synapse --version': { args: [run, '--version'], budget: 2.5 },
  'synapse get --help': { args: [run, 'get', '--help'], budget: 2.5 },
  'synapse get -r': { args: [run, 'get', '-r', project, '--download-location', home], budget: 6 },
};

function time(args: string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}: ${stderr}`);
  return performance.now() - started;
}

// Interleaved, so that other load on the machine affects all of them equally.
const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds + 2; round += 1) {
  for (const [name, { args }] of Object.entries(commands)) {
    const taken = time(args);
    if (round >= 2) times.get(name)?.push(taken);
  }
}

serverProcess.disconnect();
rmSync(home, { recursive: true, force: true });

const medians = [...times].map(([what, values]) => ({ what, value: median(values) }));
const baseline = medians[0]?.value ?? NaN;
printFigures(
  medians.flatMap(({ what, value }): Figure[] => {
    const budget = commands[what]?.budget;
    const time: Figure = { what, value, unit: 'ms' };
    return budget === undefined
      ? [time]
      : [time, { what: '  of node -e 0', value: value / baseline, unit: 'times', budget }];
  }),
);
