import { Args, Flags } from '@oclif/core';
import { readSource } from './readSource.js';

/** Arguments and flags that several commands share, with the Python client's spellings as aliases. */

export const entityArg = Args.string({
  description: 'Synapse id, such as syn123.',
  required: true,
});

export const entityFlag = Flags.string({
  description: 'Synapse id, such as syn123.',
  helpValue: '<id>',
  required: true,
});

export const parentFlag = {
  'parent-id': Flags.string({
    aliases: ['parentId', 'parentid'],
    description: 'Synapse id of the project or folder that it goes into.',
    helpValue: '<id>',
  }),
};

export const versionFlag = {
  version: Flags.integer({
    char: 'v',
    description: 'Version, when not the current one.',
    helpValue: '<number>',
    min: 1,
  }),
};

export const descriptionFlags = {
  description: Flags.string({
    helpValue: '<text>',
    description: 'Description of the entity, in Markdown: its wiki.',
    exclusive: ['description-file'],
  }),
  'description-file': Flags.string({
    aliases: ['descriptionFile'],
    description: 'File that holds the description.',
    helpValue: '<file>',
  }),
};

export const provenanceFlags = {
  used: Flags.string({
    multiple: true,
    description:
      'What it was made from: Synapse ids, web addresses, or local files that Synapse has.',
    helpValue: '<item>',
  }),
  executed: Flags.string({
    multiple: true,
    description: 'What made it: Synapse ids, web addresses, or local files that Synapse has.',
    helpValue: '<item>',
  }),
};

export const limitSearchFlag = {
  'limit-search': Flags.string({
    aliases: ['limitSearch'],
    description: 'Synapse id of the project or folder in which local files are looked up.',
    helpValue: '<id>',
  }),
};

export async function readDescription(flags: {
  description?: string | undefined;
  'description-file'?: string | undefined;
}): Promise<string | undefined> {
  const file = flags['description-file'];
  return file === undefined ? flags.description : readSource('--description-file', file);
}
