import { Flags } from '@oclif/core';
import { ofKind } from './valueKind.js';

/** Flags of commands that plan an upload and apply the plan. */
export const uploadFlags = {
  'dry-run': Flags.boolean({
    aliases: ['dryRun'],
    description: 'Print what would be done, and change nothing.',
  }),
  plan: ofKind(
    'file',
    Flags.string({
      description: 'Only write the plan to a file, for `synapse sync --apply`.',
      helpValue: '<file>',
      exclusive: ['dry-run'],
    }),
  ),
  concurrency: Flags.integer({
    description: 'Files in transfer at the same time.',
    helpValue: '<number>',
    min: 1,
    max: 256,
    defaultHelp: () => Promise.resolve('16'),
  }),
  include: Flags.string({
    description: 'Only files that match a pattern, as in .gitignore.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  exclude: Flags.string({
    description: 'Leave out what matches a pattern.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  shard: Flags.string({
    description: 'Upload one of several shares: 2/8 is the second of 8.',
    helpValue: '<i/n>',
  }),
};

/** Flags of commands that upload a directory. */
export const deleteFlags = {
  delete: Flags.boolean({
    description: 'Move files that are only in Synapse to the trash can.',
  }),
  force: Flags.boolean({
    description: 'Let --delete take more than half of all files and folders.',
    dependsOn: ['delete'],
  }),
};
