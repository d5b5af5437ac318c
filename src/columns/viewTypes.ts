import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** The types of entities that a view can show. */
const masks = {
  file: 0x1,
  project: 0x2,
  table: 0x4,
  folder: 0x8,
  entityview: 0x10,
  docker: 0x20,
  submissionview: 0x40,
  dataset: 0x80,
  datasetcollection: 0x100,
  materializedview: 0x200,
} as const;

/** A type of entities that an entity view can show. */
export type ViewedType = keyof typeof masks;

/** The names that the Python client has for the types of entities in a view. */
export type PythonViewType =
  | 'FILE'
  | 'PROJECT'
  | 'TABLE'
  | 'FOLDER'
  | 'VIEW'
  | 'DOCKER'
  | 'SUBMISSION_VIEW'
  | 'DATASET'
  | 'DATASET_COLLECTION'
  | 'MATERIALIZED_VIEW';

const otherNames: Readonly<Record<string, ViewedType>> = {
  view: 'entityview',
  dockerrepo: 'docker',
  dockerrepository: 'docker',
};

/**
 * The mask of the types of entities that a view shows, as the API has it.
 *
 * @param types - Names, also those of the Python client (`FILE`, `SUBMISSION_VIEW`), in any case.
 * @throws {@link ArgumentError} for an unknown type, and without any.
 */
export function viewTypeMask(types: readonly string[]): number {
  if (types.length === 0) {
    throw new ArgumentError(`A view needs at least one type: ${Object.keys(masks).join(', ')}.`);
  }
  return types.reduce((mask, type) => mask | maskOf(type), 0);
}

function maskOf(type: string): number {
  const plain = type.toLowerCase().replaceAll(/[_ -]/g, '');
  const name = Object.hasOwn(otherNames, plain) ? otherNames[plain] : plain;
  const mask = Object.entries(masks).find(([key]) => key === name)?.[1];
  if (mask !== undefined) return mask;
  throw new ArgumentError(
    `A view cannot show the type ${quoted(type)}. The types are: ${Object.keys(masks).join(', ')}.`,
  );
}

/** The types of entities in a mask. */
export function viewTypesOf(mask: number): ViewedType[] {
  const types = Object.keys(masks) as ViewedType[];
  return types.filter((type) => (mask & masks[type]) !== 0);
}

const legacyTypes: Readonly<Record<string, readonly ViewedType[]>> = {
  file: ['file'],
  project: ['project'],
  file_and_table: ['file', 'table'],
};

/**
 * The mask of the `type` that old views have instead of a mask.
 *
 * @throws {@link ArgumentError} for any other text.
 */
export function legacyViewTypeMask(type: string): number {
  const types = Object.hasOwn(legacyTypes, type) ? legacyTypes[type] : undefined;
  if (types !== undefined) return viewTypeMask(types);
  throw new ArgumentError(
    `${quoted(type)} is not the type of a view: use ${Object.keys(legacyTypes).join(', ')}, or give its types by name.`,
  );
}
