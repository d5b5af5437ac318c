import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readInput } from '../files/readInput.js';

interface LocalAccess {
  repoEndpoint: string;
  authEndpoint: string;
  fileHandleEndpoint: string;
  endpoint: string;
  userName: string;
  authToken: string;
}

/**
 * Writes a `.synapseConfig` for a local Synapse, readable only by its owner. An existing file is
 * replaced only if an earlier run wrote it. Other configuration files are never overwritten.
 */
export async function writeLocalConfig(path: string, local: LocalAccess): Promise<void> {
  await refuseForeign(path);
  // Its length does not depend on that of the name.
  const temporary = join(dirname(path), `.synapseConfig.${randomUUID()}`);
  try {
    await writeFile(temporary, configText(local), { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const firstLine = '# Written by `synapse local start`: a Synapse on this machine.';

async function refuseForeign(path: string): Promise<void> {
  const existing = await readInput(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (existing !== undefined && !existing.toString().startsWith(firstLine)) {
    throw new Error(
      `${path} exists and was not written by this command, so it is not overwritten. Name another file with --write-config.`,
    );
  }
}

function configText(local: LocalAccess): string {
  return `${firstLine}
[default]
username = ${local.userName}
authtoken = ${local.authToken}

[endpoints]
repoEndpoint = ${local.repoEndpoint}
authEndpoint = ${local.authEndpoint}
fileHandleEndpoint = ${local.fileHandleEndpoint}
portalEndpoint = ${local.endpoint}/
`;
}
