import { Flags } from '@oclif/core';
import type { ManifestMode } from '../index.js';
import { uploadFlags } from './uploadFlags.js';
import { ofKind } from './valueKind.js';

const { 'dry-run': dryRun, plan, concurrency } = uploadFlags;

/** Flags that only a recursive download has. */
const recursive = { dependsOn: ['recursive'] };

/** Flags of `get --recursive`. */
export const downloadFlags = {
  'dry-run': { ...dryRun, ...recursive },
  plan: { ...plan, ...recursive },
  concurrency: { ...concurrency, ...recursive },
  delete: Flags.boolean({
    ...recursive,
    description: 'Delete unchanged local files that are no longer in Synapse.',
  }),
  force: Flags.boolean({
    description: 'Let --delete take more than half of the files.',
    dependsOn: ['delete'],
  }),
  include: Flags.string({
    ...recursive,
    description: 'Only files that match a pattern, as in .gitignore.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  exclude: Flags.string({
    ...recursive,
    description: 'Leave out what matches a pattern.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  manifest: Flags.custom<ManifestMode>({
    ...recursive,
    options: ['all', 'root', 'suppress'],
    description: 'Where to write manifest.csv and SYNAPSE_METADATA_MANIFEST.tsv.',
    defaultHelp: () => Promise.resolve('all; root with --shard'),
  })(),
  'no-provenance': Flags.boolean({
    ...recursive,
    aliases: ['noProvenance'],
    description: 'Leave the provenance out of manifests.',
  }),
  'overwrite-changes': Flags.boolean({
    ...recursive,
    aliases: ['overwriteChanges'],
    description: 'Replace local files that were changed here.',
  }),
  'max-depth': Flags.integer({
    ...recursive,
    aliases: ['maxDepth'],
    description: 'Levels of folders to go down; 0 stays at the top.',
    helpValue: '<number>',
    min: 0,
  }),
  view: ofKind(
    'entity',
    Flags.string({
      ...recursive,
      description: 'View to list the files with: one query for all of them.',
      helpValue: '<id>',
    }),
  ),
  shard: Flags.string({
    ...recursive,
    description: 'Download one of several shares: 2/8 is the second of 8.',
    helpValue: '<i/n>',
  }),
};
