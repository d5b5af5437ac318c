import type { Interfaces } from '@oclif/core';

/**
 * The part of oclif's configuration that its commands read. The whole one loads the definitions of all commands, and plugins,
 * which takes a third of the time of a short command.
 */
export function minimalConfig(root: string, version: string): Interfaces.Config {
  const config = {
    // oclif takes an object with this property for its configuration.
    _base: 'synapseclient',
    root,
    version,
    bin: 'synapse',
    userAgent: `synapseclient/${version}`,
    runHook: () => Promise.resolve({ successes: [], failures: [] }),
  };
  return config as unknown as Interfaces.Config;
}
