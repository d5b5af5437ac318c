import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel'];
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

/** Why Slurm cannot be started here; `undefined` when it can. */
export function slurmProblem(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm needs Linux';
  // Its daemons refuse to start jobs of other users.
  if (process.getuid?.() !== 0) return 'starting Slurm needs root';
  const missing = programs.filter(
    (name) => spawnSync('which', [name], { env: { PATH: path } }).status !== 0,
  );
  if (missing.length === 0) return undefined;
  return `${missing.join(', ')} missing: apt-get install slurm-wlm munge`;
}

/** A running Slurm with one node. */
export interface Slurm {
  /** A directory that the jobs may use. */
  folder: string;
  /** Runs one of its commands. @returns what it prints */
  command(name: string, args: readonly string[], env?: Record<string, string>): Promise<string>;
  /** Waits until a job is no longer queued or running. */
  end(job: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts munged, slurmctld and slurmd in a directory of their own, without systemd. */
export async function startSlurm(): Promise<Slurm> {
  const folder = await mkdtemp(join(tmpdir(), 'slurm-'));
  const env = { PATH: path, SLURM_CONF: join(folder, 'slurm.conf') };
  const command = async (
    name: string,
    args: readonly string[],
    more: Record<string, string> = {},
  ): Promise<string> => {
    const { stdout } = await run(name, args, { env: { ...env, ...more }, timeout: 60_000 });
    return stdout;
  };
  const stop = async (): Promise<void> => {
    for (const name of ['slurmd', 'slurmctld', 'munged']) await kill(join(folder, `${name}.pid`));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
    for (const name of ['state', 'spool']) await mkdir(join(folder, name));
    await writeFile(env.SLURM_CONF, await configuration(folder));
    const munge = ['key', 'pid', 'log', 'seed'].map(
      (name) => `--${name}-file=${folder}/${mungeFiles[name] ?? ''}`,
    );
    execFileSync('munged', ['--force', ...munge, `--socket=${folder}/munge.sock`], {
      env,
      stdio: 'ignore',
    });
    execFileSync('slurmctld', [], { env, stdio: 'ignore' });
    execFileSync('slurmd', [], { env, stdio: 'ignore' });
    await until('the node is idle', async () => {
      return (await command('sinfo', ['-h', '-o', '%T']).catch(() => '')).trim() === 'idle';
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const end = (job: string): Promise<void> =>
    until(`job ${job} ends`, async () => (await command('squeue', ['-h', '-j', job])) === '');
  return { folder, command, end, stop };
}

const mungeFiles: Readonly<Record<string, string>> = {
  key: 'munge.key',
  pid: 'munged.pid',
  log: 'munged.log',
  seed: 'munged.seed',
};

async function configuration(folder: string): Promise<string> {
  const host = hostname().replace(/\..*/, '');
  const [controller, daemon] = await freePorts(2);
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.sock
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmctldPort=${controller}
SlurmdPort=${daemon}
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=p Nodes=${host} Default=YES State=UP
`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Ends the process that a file names, and waits for it. */
async function kill(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(pid, tries < 50 ? 'SIGTERM' : 'SIGKILL');
    } catch {
      return;
    }
    await wait(100);
  }
}

/** Waits for a condition. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return;
    await wait(200);
  }
  throw new Error(`Waited in vain until ${what}`);
}
