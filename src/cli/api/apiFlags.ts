import { Flags } from '@oclif/core';
import { ofKind } from '../valueKind.js';

/** The flags of `synapse api` that do not depend on the operation. */
export const apiFlags = {
  body: Flags.string({
    description:
      'Request body: JSON, @FILE, or - for standard input. Flags of fields are set in it.',
    helpValue: '<json>',
  }),
  field: Flags.string({
    char: 'F',
    multiple: true,
    description:
      'Set a field of the body, as the type that it has: name=Data, a.b=1, list[]=one. A value @FILE is read from a file.',
    helpValue: '<name=value>',
  }),
  'raw-field': Flags.string({
    char: 'f',
    multiple: true,
    aliases: ['rawField'],
    description: 'Set a field of the body to a text, unchanged.',
    helpValue: '<name=text>',
  }),
  'field-json': Flags.string({
    multiple: true,
    aliases: ['fieldJson'],
    description: 'Set a field of the body to JSON, which can also be @FILE or -.',
    helpValue: '<name=json>',
  }),
  header: Flags.string({
    char: 'H',
    multiple: true,
    description: 'Send a header.',
    helpValue: '<name:value>',
  }),
  paginate: Flags.boolean({
    description:
      'Fetch all pages and print one array of their items, while they arrive; with --ndjson, one item a line.',
    exclusive: ['wait', 'include'],
  }),
  wait: Flags.boolean({
    description: 'Start the job, wait for it, and print its result.',
    exclusive: ['include'],
  }),
  timeout: Flags.integer({
    min: 1,
    description: 'Seconds for the call, or with --wait for the whole job.',
    helpValue: '<seconds>',
  }),
  output: ofKind(
    'file',
    Flags.string({
      char: 'o',
      description: 'Write the answer to a file, which is complete or is not written.',
      exclusive: ['fields', 'jq'],
      helpValue: '<file>',
    }),
  ),
  overwrite: Flags.boolean({
    description: 'Replace the file of --output if it exists.',
    dependsOn: ['output'],
  }),
  include: Flags.boolean({
    char: 'i',
    description: 'Print the status and the headers of the answer before it.',
  }),
  'dry-run': Flags.boolean({
    aliases: ['dryRun'],
    description: 'Send nothing; print the request as a curl command, without the token.',
  }),
  list: Flags.boolean({
    description:
      'List the operations that have all the given words in their name, path or description.',
    exclusive: [
      'body',
      'field',
      'raw-field',
      'field-json',
      'header',
      'paginate',
      'wait',
      'timeout',
      'output',
      'include',
      'dry-run',
    ],
  }),
};
