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
    description:
      'Delete local files that the last manifest lists, that have not changed since, and that are not in Synapse any more.',
  }),
  force: Flags.boolean({
    description: 'Let --delete take more than half of the files.',
    dependsOn: ['delete'],
  }),
  include: Flags.string({
    ...recursive,
    description: 'Download only files that match a pattern, as in .gitignore. Can be repeated.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  exclude: Flags.string({
    ...recursive,
    description: 'Leave out what matches a pattern. Can be repeated.',
    helpValue: '<pattern>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  manifest: Flags.custom<ManifestMode>({
    ...recursive,
    options: ['all', 'root', 'suppress'],
    description:
      'Write manifest.csv and SYNAPSE_METADATA_MANIFEST.tsv in each directory, only at the top, or not at all.',
    defaultHelp: () => Promise.resolve('all; root with --shard'),
  })(),
  'no-provenance': Flags.boolean({
    ...recursive,
    aliases: ['noProvenance'],
    description:
      'Leave the provenance out of manifests, which saves one request a file with --view.',
  }),
  'overwrite-changes': Flags.boolean({
    ...recursive,
    aliases: ['overwriteChanges'],
    description: 'Replace local files that were changed here. The changes are lost.',
  }),
  'max-depth': Flags.integer({
    ...recursive,
    aliases: ['maxDepth'],
    description: 'Levels of folders to download; 0 is only what is directly in the container.',
    helpValue: '<number>',
    min: 0,
  }),
  view: ofKind(
    'entity',
    Flags.string({
      ...recursive,
      description:
        'A view that has the files and folders: one query instead of one request a file.',
      helpValue: '<id>',
    }),
  ),
  shard: Flags.string({
    ...recursive,
    description:
      'Download one of several shares: 2/8 is the second of eight. Each job of an array takes one.',
    helpValue: '<i/n>',
  }),
};
