import { Flags } from '@oclif/core';
import type { PasswordFlags } from './givenLogin.js';
import { ofKind } from './valueKind.js';

/** The values of {@link globalFlags}. */
export interface GlobalFlags extends PasswordFlags {
  profile?: string | undefined;
  'config-path'?: string | undefined;
  endpoint?: string | undefined;
  'cache-dir'?: string | undefined;
  'no-cache'?: boolean | undefined;
  'limit-rate'?: number | undefined;
  quiet?: boolean | undefined;
  debug?: boolean | undefined;
  otel?: string | undefined;
}

/** The flags of all commands. */
export const globalFlags = {
  username: Flags.string({
    description: 'User name or email to log in with. Before the command also -u.',
    helpValue: '<name>',
    helpGroup: 'GLOBAL',
  }),
  password: Flags.string({
    description:
      'Password of --username, or a personal access token. Other users of this machine can see it. Before the command also -p.',
    helpValue: '<password>',
    helpGroup: 'GLOBAL',
  }),
  profile: ofKind(
    'profile',
    Flags.string({
      description:
        'Profile to log in with: a section of the configuration file, or a name in the keychain.',
      helpValue: '<name>',
      helpGroup: 'GLOBAL',
      env: 'SYNAPSE_PROFILE',
    }),
  ),
  'config-path': ofKind(
    'file',
    Flags.string({
      aliases: ['configPath'],
      description: 'Configuration file. Default: ~/.synapseConfig.',
      helpValue: '<file>',
      helpGroup: 'GLOBAL',
    }),
  ),
  endpoint: Flags.string({
    description: 'URL of the Synapse server, for example a local one.',
    helpValue: '<url>',
    helpGroup: 'GLOBAL',
    env: 'SYNAPSE_ENDPOINT',
  }),
  'cache-dir': ofKind(
    'directory',
    Flags.string({
      aliases: ['cacheDir'],
      description: 'Directory of the file cache. Default: ~/.synapseCache.',
      helpValue: '<directory>',
      helpGroup: 'GLOBAL',
      env: 'SYNAPSE_CACHE_DIR',
    }),
  ),
  'no-cache': Flags.boolean({
    aliases: ['noCache'],
    description: 'Do not use the file cache.',
    helpGroup: 'GLOBAL',
  }),
  quiet: Flags.boolean({
    aliases: ['silent'],
    description: 'Print only results and errors.',
    helpGroup: 'GLOBAL',
  }),
  debug: Flags.boolean({
    description:
      'Print each request and its response on standard error, without secrets, and stack traces of errors.',
    helpGroup: 'GLOBAL',
  }),
  // The Python client has them. There is no check for newer versions to skip.
  'skip-checks': Flags.boolean({ hidden: true, helpGroup: 'GLOBAL' }),
  otel: Flags.string({ hidden: true, helpGroup: 'GLOBAL', options: ['console', 'otlp'] }),
};
