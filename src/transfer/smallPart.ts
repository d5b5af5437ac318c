import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { partialPaths } from './downloadPath.js';

/** Tells machines with a common file system apart. */
const host = createHash('md5').update(hostname()).digest('hex').slice(0, 8);

/** The path of the temporary file of a small download. It names its process, so that what a killed process left can be told. */
export function smallPartPath(destination: string, fileHandleId: string): string {
  const { part } = partialPaths(destination, fileHandleId);
  return `${part}.${host}-${process.pid}-${randomUUID().slice(0, 8)}`;
}

const smallPart = /\.synapse_download_\d+\.part\.([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{8}$/;

/** Whether a file is a temporary file of a small download whose process on this machine has ended. */
export function isAbandonedPart(name: string): boolean {
  const [, machine, pid] = smallPart.exec(name) ?? [];
  if (machine !== host || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ESRCH';
  }
}
