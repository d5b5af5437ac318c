import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';

/**
 * Access by a word, as the sharing settings of synapse.org have it: `view` is READ, `download` also DOWNLOAD, `edit` also
 * CREATE and UPDATE, `edit-delete` also DELETE, `admin` everything, including the change of permissions.
 */
export type AccessLevel = 'view' | 'download' | 'edit' | 'edit-delete' | 'admin';

/** Access as a word, as one access type, or as a list of access types. */
export type AccessInput = AccessLevel | M.ACCESS_TYPE | readonly M.ACCESS_TYPE[];

const view = ['READ'] as const;
const download = [...view, 'DOWNLOAD'] as const;
const edit = [...download, 'CREATE', 'UPDATE'] as const;
const editAndDelete = [...edit, 'DELETE'] as const;
const admin = [...editAndDelete, 'CHANGE_PERMISSIONS', 'CHANGE_SETTINGS', 'MODERATE'] as const;

const levels: Readonly<Record<AccessLevel, readonly M.ACCESS_TYPE[]>> = {
  view,
  download,
  edit,
  'edit-delete': editAndDelete,
  admin,
};

// Every type that the API has, so that a misspelled one is noticed before anything is sent.
const known: Readonly<Record<M.ACCESS_TYPE, true>> = {
  CHANGE_PERMISSIONS: true,
  CHANGE_SETTINGS: true,
  CREATE: true,
  DELETE: true,
  DELETE_SUBMISSION: true,
  DOWNLOAD: true,
  EXEMPTION_ELIGIBLE: true,
  MODERATE: true,
  PARTICIPATE: true,
  READ: true,
  READ_PRIVATE_SUBMISSION: true,
  REVIEW_SUBMISSIONS: true,
  SEND_MESSAGE: true,
  SUBMIT: true,
  TEAM_MEMBERSHIP_UPDATE: true,
  UPDATE: true,
  UPDATE_SUBMISSION: true,
  UPLOAD: true,
};

/**
 * Reads access types: words and types in any case, each once.
 *
 * @throws {@link ArgumentError} for an unknown one.
 */
export function readAccessTypes(access: AccessInput): M.ACCESS_TYPE[] {
  const words: readonly string[] = typeof access === 'string' ? [access] : access;
  return [...new Set(words.flatMap(typesOf))];
}

function typesOf(word: string): readonly M.ACCESS_TYPE[] {
  const level = word.toLowerCase();
  if (isKeyOf(levels, level)) return levels[level];
  const type = word.toUpperCase();
  if (isKeyOf(known, type)) return [type];
  throw new ArgumentError(
    `${JSON.stringify(word)} is not an access type: use ${Object.keys(levels).join(', ')}, or some of ${admin.join(', ')}.`,
  );
}

function isKeyOf<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}
