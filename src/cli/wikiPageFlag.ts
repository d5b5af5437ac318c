import { Flags } from '@oclif/core';

/** Which page of a wiki. */
export const wikiPageFlag = {
  page: Flags.string({
    description: 'Id of the page. Default: the root page.',
    helpValue: '<id>',
  }),
};
