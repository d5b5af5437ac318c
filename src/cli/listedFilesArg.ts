import { Args } from '@oclif/core';
import { fromStdin, ofKind } from './valueKind.js';

/** Files that go onto the download list, or that are on it. */
export const listedFilesArg = fromStdin(
  ofKind(
    'entity',
    Args.string({
      description:
        'Synapse ids: syn123, or syn123.4 for a version; or - to read them from standard input.',
      multiple: true,
    }),
  ),
);
