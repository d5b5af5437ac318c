import { Args, Flags } from '@oclif/core';
import { ofKind } from './valueKind.js';

/** Arguments and flags that the commands about access share. */

export const principalArg = ofKind(
  'user',
  Args.string({
    description: 'Name or id of a user or a team, or PUBLIC, or AUTHENTICATED_USERS.',
    required: true,
  }),
);

export const recursiveFlag = {
  recursive: Flags.boolean({
    char: 'r',
    description: 'Include everything in the project or folder.',
  }),
};

export const benefactorFlag = {
  'modify-benefactor': Flags.boolean({
    description:
      'Change the list of the container that the entity inherits its permissions from. Otherwise the entity gets a list of its own.',
  }),
};

export const typeFlag = {
  type: Flags.string({
    multiple: true,
    description: 'Type of the entities in the container, such as folder, file or table.',
    helpValue: '<type>',
  }),
};
