import { Flags } from '@oclif/core';
import { readInput } from '../files/readInput.js';
import { interruption } from './interruption.js';
import { usageError } from './usageError.js';
import { ofKind } from './valueKind.js';

/** The text of a message or a post. {@link readBody} reads it. */
export const bodyFlags = {
  body: Flags.string({
    description: 'The text.',
    helpValue: '<text>',
    exclusive: ['body-file'],
  }),
  'body-file': ofKind(
    'file',
    Flags.string({
      aliases: ['bodyFile'],
      description: 'File in UTF-8 with the text; - for standard input.',
      helpValue: '<file>',
    }),
  ),
};

/** @throws a usage error when there is no text, or the file cannot be read or is not in UTF-8. */
export async function readBody(flags: {
  body?: string | undefined;
  'body-file'?: string | undefined;
}): Promise<string> {
  const file = flags['body-file'];
  const body = file === undefined ? flags.body : await readText(file);
  if (body !== undefined && body !== '') return body;
  throw usageError('Give the text: --body, or --body-file (- for standard input).');
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readInput(file, interruption.signal);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    interruption.signal.throwIfAborted();
    const { message } = error as Error;
    const reason = error instanceof TypeError ? 'it is not a text in UTF-8' : message;
    throw usageError(`--body-file cannot be read: ${reason}`);
  }
}
