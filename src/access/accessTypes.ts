import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import type { TargetKind } from './accessTarget.js';

/**
 * Access to an entity by a word, as the sharing settings of synapse.org have it: `view` is READ, `download` also DOWNLOAD, `edit` also
 * CREATE and UPDATE, `edit-delete` also DELETE, `admin` everything, including the change of permissions.
 *
 * For an evaluation: `view` is READ, `submit` also SUBMIT, `score` also READ_PRIVATE_SUBMISSION and UPDATE_SUBMISSION, `admin` everything.
 * For a team: `view` is READ, `message` also SEND_MESSAGE, `admin` everything, including its members. For an organization: `view`,
 * `edit` (CREATE and UPDATE), `edit-delete`, `admin`. For a group of forms: `view`, `submit` (SUBMIT), `admin`.
 */
export type AccessLevel =
  'view' | 'download' | 'edit' | 'edit-delete' | 'message' | 'submit' | 'score' | 'admin';

/** Access as a word, as one access type, or as a list of access types. */
export type AccessInput = AccessLevel | M.ACCESS_TYPE | readonly M.ACCESS_TYPE[];

type Levels = Readonly<Partial<Record<AccessLevel, readonly M.ACCESS_TYPE[]>>>;

const view = ['READ'] as const;
const download = [...view, 'DOWNLOAD'] as const;
const edit = [...download, 'CREATE', 'UPDATE'] as const;
const editAndDelete = [...edit, 'DELETE'] as const;
const message = [...view, 'SEND_MESSAGE'] as const;
const submit = [...view, 'SUBMIT'] as const;
const score = [...submit, 'READ_PRIVATE_SUBMISSION', 'UPDATE_SUBMISSION'] as const;
const change = [...view, 'CREATE', 'UPDATE'] as const;

/** The words for each kind of objects. `admin` is what the creator gets. */
const levels: Readonly<Record<TargetKind, Levels>> = {
  entity: {
    view,
    download,
    edit,
    'edit-delete': editAndDelete,
    admin: [...editAndDelete, 'CHANGE_PERMISSIONS', 'CHANGE_SETTINGS', 'MODERATE'],
  },
  evaluation: {
    view,
    submit,
    score,
    admin: [...score, 'CREATE', 'UPDATE', 'DELETE', 'DELETE_SUBMISSION', 'CHANGE_PERMISSIONS'],
  },
  formGroup: {
    view,
    submit,
    admin: [...submit, 'READ_PRIVATE_SUBMISSION', 'CHANGE_PERMISSIONS'],
  },
  organization: {
    view,
    edit: change,
    'edit-delete': [...change, 'DELETE'],
    admin: [...change, 'DELETE', 'CHANGE_PERMISSIONS'],
  },
  team: {
    view,
    message,
    admin: [...message, 'UPDATE', 'DELETE', 'TEAM_MEMBERSHIP_UPDATE'],
  },
};

// Every type that the API has, so that a misspelled one is noticed before anything is sent.
const types: Readonly<Record<M.ACCESS_TYPE, true>> = {
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
 * @param kind - What the access is to.
 * @throws {@link ArgumentError} for an unknown one.
 */
export function readAccessTypes(access: AccessInput, kind: TargetKind = 'entity'): M.ACCESS_TYPE[] {
  const words: readonly string[] = typeof access === 'string' ? [access] : access;
  return [...new Set(words.flatMap((word) => typesOf(word, levels[kind])))];
}

function typesOf(word: string, known: Levels): readonly M.ACCESS_TYPE[] {
  // Exactly the type: DOWNLOAD alone, and not the level with its name.
  if (isKeyOf(types, word)) return [word];
  const level = word.toLowerCase();
  if (isKeyOf(known, level)) return known[level] ?? [];
  const type = word.toUpperCase();
  if (isKeyOf(types, type)) return [type];
  throw new ArgumentError(
    `${JSON.stringify(word)} is not an access type: use ${Object.keys(known).join(', ')}, or some of ${known.admin?.join(', ')}.`,
  );
}

/** The word for access types, such as `download`; `undefined` for a combination that has none. */
export function levelOf(
  accessTypes: readonly M.ACCESS_TYPE[],
  kind: TargetKind = 'entity',
): AccessLevel | undefined {
  const given = new Set(accessTypes);
  for (const level of Object.keys(levels[kind]) as AccessLevel[]) {
    const needed = levels[kind][level] ?? [];
    if (needed.length === given.size && needed.every((type) => given.has(type))) return level;
  }
  return undefined;
}

function isKeyOf<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}
