import { Args, Flags } from '@oclif/core';
import { readSource } from './readSource.js';
import { usageError } from './usageError.js';
import { fromStdin, ofKind } from './valueKind.js';

/** Arguments and flags that several commands share, with the Python client's spellings as aliases. */

const oneId = 'Synapse id (syn123) or path (syn://Project/folder/file).';

const severalIds =
  'Synapse ids (syn123) or paths (syn://Project/folder/file), or - to read them from standard input.';

export const entityArg = ofKind('entity', Args.string({ description: oneId, required: true }));

/** Several ids as arguments, or on standard input. */
export const entitiesArg = fromStdin(
  ofKind(
    'entity',
    Args.string({
      description: severalIds,
      required: true,
      multiple: true,
    }),
  ),
);

/** The id as an argument, or as a flag as in the Python client. {@link onlyOne} reads it. */
export const entityIds = {
  arg: ofKind('entity', Args.string({ description: oneId })),
  flag: ofKind(
    'entity',
    Flags.string({
      description: 'Synapse id or path; the same as the argument.',
      helpValue: '<id>',
    }),
  ),
};

/** Like {@link entityIds}, for commands that take several as arguments. {@link givenIds} reads them. */
export const manyEntityIds = {
  arg: fromStdin(ofKind('entity', Args.string({ description: severalIds, multiple: true }))),
  flag: entityIds.flag,
};

/** Ids, and last the container that they go into, unless a flag names it. {@link sourcesAndDestination} tells them apart. */
export function sourcesArg(flag: string): typeof manyEntityIds.arg {
  const description =
    'Synapse ids or paths, or first - to read them from standard input; then that of the project or folder to put them into, ' +
    `unless --${flag} names it.`;
  return fromStdin(ofKind('entity', Args.string({ description, multiple: true })), 'first');
}

/**
 * The ids that are given as arguments, or with a flag.
 *
 * @throws a usage error when no id is given, or when the argument and the flag differ.
 */
export function givenIds(
  args: readonly string[] | undefined,
  flagged: string | undefined,
): readonly string[] {
  if (flagged !== undefined) onlyOne(args?.join(' '), flagged);
  const ids = args ?? (flagged === undefined ? undefined : [flagged]);
  if (ids === undefined) throw usageError('Missing ID');
  return ids;
}

/** For commands that make or list something with an id. */
export const idsFlag = {
  ids: Flags.boolean({
    char: 'q',
    description: 'Print only ids, one per line. (--quiet leaves out messages.)',
    exclusive: ['json', 'fields', 'jq', 'ndjson', 'dry-run', 'plan'],
  }),
};

/**
 * The value that is given as an argument, as a flag, or as both.
 *
 * @param flag - The name of the flag.
 * @throws a usage error when they differ.
 */
export function onlyOne(
  argument: string | undefined,
  flagged: string | undefined,
  flag = 'id',
): string | undefined {
  if (argument !== undefined && flagged !== undefined && argument !== flagged) {
    throw usageError(
      `The argument is ${argument}, but --${flag} is ${flagged}: give only one of them.`,
    );
  }
  return argument ?? flagged;
}

/**
 * Values that a command needs, by the names of their arguments.
 *
 * @throws a usage error that names those that are missing.
 */
export function required<K extends string>(
  values: Readonly<Record<K, string | undefined>>,
): Record<K, string> {
  const entries = Object.entries<string | undefined>(values);
  const missing = entries.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) throw usageError(`Missing ${missing.join(' and ')}`);
  return values as Record<K, string>;
}

export const parentFlag = {
  'parent-id': ofKind(
    'container',
    Flags.string({
      aliases: ['parentId', 'parentid'],
      description: 'Synapse id or path of the parent project or folder.',
      helpValue: '<id>',
    }),
  ),
};

export const versionFlag = {
  version: Flags.integer({
    char: 'v',
    description: 'Version. Default: the current one.',
    helpValue: '<number>',
    min: 1,
  }),
};

export const versionTextFlags = {
  label: Flags.string({
    description: 'Label of the version, which no other version of the entity has.',
    helpValue: '<text>',
  }),
  comment: Flags.string({ description: 'Comment of the version.', helpValue: '<text>' }),
};

export const descriptionFlags = {
  description: Flags.string({
    helpValue: '<text>',
    description: 'Description in Markdown, stored as the wiki of the entity.',
    exclusive: ['description-file'],
  }),
  'description-file': ofKind(
    'file',
    Flags.string({
      aliases: ['descriptionFile'],
      description: 'File with the description.',
      helpValue: '<file>',
    }),
  ),
};

export const provenanceFlags = {
  used: ofKind(
    'entity',
    Flags.string({
      multiple: true,
      description: 'Input that was used: an id or path, a URL, or a local file that Synapse has.',
      helpValue: '<item>',
    }),
  ),
  executed: ofKind(
    'entity',
    Flags.string({
      multiple: true,
      description:
        'Code that was executed: an id or path, a URL, or a local file that Synapse has.',
      helpValue: '<item>',
    }),
  ),
};

export const limitSearchFlag = {
  'limit-search': ofKind(
    'container',
    Flags.string({
      aliases: ['limitSearch'],
      description: 'Look up local files only in this project or folder.',
      helpValue: '<id>',
    }),
  ),
};

export async function readDescription(flags: {
  description?: string | undefined;
  'description-file'?: string | undefined;
}): Promise<string | undefined> {
  const file = flags['description-file'];
  return file === undefined ? flags.description : readSource('--description-file', file);
}

/** For commands that ask before they do what cannot be undone. */
export const yesFlag = {
  yes: Flags.boolean({ char: 'y', description: 'Do not ask for confirmation.' }),
};
