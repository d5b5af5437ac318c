import { replaceFile } from '../files/replaceFile.js';

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
  await replaceFile(path, (existing) => {
    if (existing !== undefined && !existing.toString().startsWith(firstLine)) {
      throw new Error(
        `${path} exists and was not written by this command, so it is not overwritten. Name another file with --write-config.`,
      );
    }
    return configText(local);
  });
}

const firstLine = '# Written by `synapse local start`: a Synapse on this machine.';

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
