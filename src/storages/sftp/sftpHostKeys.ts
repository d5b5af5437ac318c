import { homedir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, SynapseError, systemCode, fileSystemError } from '../../errors.js';
import { readInput } from '../../files/readInput.js';
import { findKnownKeys, fingerprint, hostKeyAlgorithms } from './knownHosts.js';
import type { SftpSettings } from '../storageContext.js';

/** Verifies the host key of a server. */
export interface HostKeyCheck {
  /** The algorithms to offer, starting with those of known keys. */
  readonly algorithms: ReturnType<typeof hostKeyAlgorithms>;
  /** The error for the last refused key. */
  readonly refusal: SynapseError | undefined;
  verify(key: Buffer): boolean;
}

/**
 * Prepares to check the key of an SFTP server: against the fingerprint in the configuration, else against the
 * `known_hosts` files, as `ssh` does. An unknown server is refused, because it would receive the password.
 */
export async function hostKeyCheck(
  { host, port }: { host: string; port: number },
  { hostKey, knownHosts }: SftpSettings,
): Promise<HostKeyCheck> {
  const files = knownHosts
    ? [knownHosts]
    : [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'];
  const texts = hostKey === undefined ? await Promise.all(files.map(readText)) : [];
  const known = findKnownKeys(texts.join('\n'), host, port);
  const check = {
    algorithms: hostKeyAlgorithms(known.types),
    refusal: undefined as SynapseError | undefined,
    verify: (key: Buffer): boolean => {
      const text = key.toString('base64');
      const print = fingerprint(key);
      const isRevoked = known.revoked.has(text);
      const isRight =
        hostKey === undefined ? known.keys.has(text) && !isRevoked : print === hostKey;
      if (isRight) return true;
      const isOther = hostKey !== undefined || isRevoked || known.keys.size > 0;
      check.refusal = isOther
        ? changed(host, print)
        : unknown({ host, port }, print, files[0] ?? '');
      return false;
    },
  };
  return check;
}

function changed(host: string, print: string): SynapseError {
  return new SynapseError(
    `The key of the SFTP server ${host} is not the known key (${print}). Someone may be intercepting the connection, or the server was reinstalled: ask its administrator.`,
    { code: 'HOST_KEY' },
  );
}

function unknown(
  { host, port }: { host: string; port: number },
  print: string,
  file: string,
): SynapseError {
  return new SynapseError(
    `The SFTP server ${host} is not known; its key is ${print}. If this key is correct, add it with: ssh-keyscan -p ${port} ${host} >> ${file}; or set host_key = ${print} in the section [sftp://${host}] of ~/.synapseConfig.`,
    { code: 'HOST_KEY' },
  );
}

async function readText(path: string): Promise<string> {
  try {
    return (await readInput(path)).toString('utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR') return '';
    throw cause instanceof ArgumentError ? cause : fileSystemError('Cannot read', path, cause);
  }
}
