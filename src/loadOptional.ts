import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SynapseError, systemCode } from './errors.js';

/** Optional packages: large, and not needed by most users. `major` is the version in `peerDependencies`. */
export const optionalPackages = {
  '@aws-sdk/client-s3': { major: 3, purpose: 'Using an S3 bucket directly' },
  '@silvia-odwyer/photon-node': {
    major: 0,
    purpose: 'Making previews of images in the embedded Synapse',
  },
  'apache-arrow': { major: 21, purpose: 'Reading a table as Arrow' },
  'parquet-wasm': { major: 0, purpose: 'Writing Parquet files' },
  ssh2: { major: 1, purpose: 'Using an SFTP server' },
} as const;

/**
 * Imports an optional package.
 *
 * @param load - Calls `import()` with the literal name, for TypeScript and bundlers.
 * @throws {@link SynapseError} (`PACKAGE_MISSING`) when the package is not installed. The message contains the command that installs it.
 */
export async function loadOptional<T>(
  name: keyof typeof optionalPackages,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    const { major, purpose } = optionalPackages[name];
    const command = installCommand(`${name}@${major}`, fileURLToPath(import.meta.url), existsSync);
    throw new SynapseError(
      `${purpose} needs the package ${name}, which is not installed. Add it with: ${command}`,
      { code: 'PACKAGE_MISSING', cause },
    );
  }
}

/** Whether this package is missing, rather than one of its dependencies. */
function isMissing(error: unknown, name: string): boolean {
  return (
    systemCode(error) === 'ERR_MODULE_NOT_FOUND' &&
    error instanceof Error &&
    error.message.includes(`'${name}'`)
  );
}

/** Commands that add a package to a project, by the file in the project that tells its package manager. */
const addCommands = {
  'pnpm-lock.yaml': 'pnpm add',
  'yarn.lock': 'yarn add',
  'bun.lock': 'bun add',
  'package.json': 'npm install',
};

/**
 * Returns the command that installs a package where this one can import it.
 *
 * @param wanted - The package, with its version.
 * @param file - A file of this package. Its location tells how this package was installed.
 */
export function installCommand(
  wanted: string,
  file: string,
  exists: (path: string) => boolean,
): string {
  const [project = '', ...inModules] = file.split(/[\\/]node_modules[\\/]/);
  if (/[\\/]_npx[\\/]/.test(project)) {
    return `npx --package=synapseclient --package=${wanted} synapse ...`;
  }
  // In a checkout of the repository, the package is a development dependency.
  if (inModules.length === 0) return 'npm install';
  const [, add] = Object.entries(addCommands).find(([name]) => exists(join(project, name))) ?? [];
  return `${add ?? 'npm install --global'} ${wanted}`;
}
