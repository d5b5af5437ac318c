import { headName } from './headFile.js';
import { journalName } from './journalFile.js';
import { snapshotName } from './snapshotFile.js';

export const endpointName = 'endpoint';
export const keysName = 'keys.json';
export const blobsName = 'blobs';

/** Files whose presence shows that a server has used a directory. */
const stateFiles = [headName, journalName, snapshotName, keysName, blobsName, endpointName];

/** Whether a name in a data directory is that of state. */
export function isStateFile(name: string): boolean {
  return stateFiles.includes(name) || /^tables\.sqlite/.test(name);
}

/** Whether a name in a data directory is that of a file of the server. */
export function isServerFile(name: string): boolean {
  return (
    isStateFile(name) ||
    stateFiles.some((file) => name === `${file}.tmp`) ||
    /^lock(?:\.|$)/.test(name) ||
    /^damaged-\d{8}T\d+Z(?:-\d+)?$/.test(name)
  );
}
