import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median, printFigures } from './measure.js';

/** Measures the startup time of the command line, relative to an empty Node.js script. */
const run = join(import.meta.dirname, '../bin/run.js');
const rounds = 15;

const commands: Readonly<Record<string, string[]>> = {
  'node -e 0': ['-e', '0'],
  'synapse --version': [run, '--version'],
  'synapse get --help': [run, 'get', '--help'],
};

function time(args: string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}: ${stderr}`);
  return performance.now() - started;
}

// Interleaved, so that other load on the machine affects all of them equally.
const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds + 2; round += 1) {
  for (const [name, args] of Object.entries(commands)) {
    const taken = time(args);
    if (round >= 2) times.get(name)?.push(taken);
  }
}

const medians = [...times].map(([what, values]) => ({ what, value: median(values) }));
const baseline = medians[0]?.value ?? NaN;
printFigures(
  medians.flatMap(({ what, value }, index) => [
    { what, value, unit: 'ms' },
    ...(index === 0
      ? []
      : [{ what: '  of node -e 0', value: value / baseline, unit: 'times', budget: 2.5 }]),
  ]),
);
