import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { errorCode } from '../kernel/errorCode.js';
import { lockDataDir, lockOwner } from './dataDirLock.js';
import { headName } from './headFile.js';
import { journalName } from './journalFile.js';
import { snapshotName } from './snapshotFile.js';
import { endpointName, isServerFile } from './stateFiles.js';

/** The state of a data directory. */
export interface DataDirState {
  /** Whether it has the data of a server. */
  readonly hasData: boolean;
  /** Id of the process that currently uses it. */
  readonly pid?: number;
  /** Address of that server. */
  readonly endpoint?: string;
}

/** Stores the address of the server of a data directory. */
export async function noteEndpoint(dataDir: string, endpoint: string): Promise<void> {
  await writeFile(join(dataDir, endpointName), `${endpoint}\n`, { mode: 0o600 });
}

/** Reads the state of a data directory. A directory that does not exist has no data. */
export async function readDataDirState(dataDir: string): Promise<DataDirState> {
  const directory = resolve(dataDir);
  const names = await list(directory);
  const pid = await lockOwner(directory);
  const hasData = hasDataIn(names);
  if (pid === undefined) return { hasData };
  const endpoint = await readFile(join(directory, endpointName), 'utf8').catch(() => '');
  return { hasData, pid, ...(endpoint !== '' && { endpoint: endpoint.trim() }) };
}

/**
 * Deletes the files of a server from its data directory. The next start creates a new server.
 *
 * @throws Error when a server uses it, or when it is not a data directory; nothing is removed then
 */
export async function resetDataDir(dataDir: string): Promise<void> {
  const directory = resolve(dataDir);
  const names = await list(directory);
  if (names.length === 0) return;
  const strange = names.filter((name) => !isServerFile(name));
  if (strange.length > 0 || !hasDataIn(names)) {
    const why =
      strange.length > 0 ? `it also has ${strange.slice(0, 3).join(', ')}` : 'it has no journal';
    throw new Error(
      `${directory} is not a data directory of an embedded Synapse: ${why}. Nothing was removed.`,
    );
  }
  const lock = await lockDataDir(directory);
  try {
    for (const name of await list(directory)) {
      if (name !== 'lock') await rm(join(directory, name), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}

function hasDataIn(names: readonly string[]): boolean {
  return [headName, journalName, snapshotName].some((name) => names.includes(name));
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
