import type * as M from '../../../generated/models.js';

/** The permissions that an ACL of an entity can give. */
export const entityAccessTypes = [
  'CREATE',
  'READ',
  'UPDATE',
  'DELETE',
  'CHANGE_PERMISSIONS',
  'DOWNLOAD',
  'CHANGE_SETTINGS',
  'MODERATE',
] as const satisfies readonly M.ACCESS_TYPE[];

export type EntityAccessType = (typeof entityAccessTypes)[number];

/** Whether a text names a permission that an entity knows. */
export function isEntityAccessType(text: string): text is EntityAccessType {
  return (entityAccessTypes as readonly string[]).includes(text);
}

/** The facts that a decision depends on. */
export interface AccessQuestion {
  readonly accessType: EntityAccessType;
  readonly user: {
    readonly id: number;
    readonly isAdmin: boolean;
    readonly isAnonymous: boolean;
    readonly isCertified: boolean;
  };
  readonly entity: {
    readonly exists: boolean;
    readonly inTrash: boolean;
    readonly type: M.EntityType;
    readonly createdBy: number;
    readonly isOpenData: boolean;
  };
  /** The type of the entity to create, for `CREATE`. */
  readonly createType?: M.EntityType;
  /** The permissions that the ACL of the benefactor gives to the groups of the user. */
  readonly granted: ReadonlySet<M.ACCESS_TYPE>;
  /** Checked for `DOWNLOAD` only. */
  readonly hasUnmetRequirement: () => boolean;
}

/** The reason for refusing access, or none. */
export type AccessDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly because:
        | 'anonymous'
        | 'inTrash'
        | 'lacksPermission'
        | 'notCertified'
        | 'notFound'
        | 'unmetRequirement';
    };

type Step = (question: AccessQuestion) => AccessDecision | undefined;

const allow: AccessDecision = { allowed: true };

const denyUnlessExists: Step = ({ entity }) =>
  entity.exists ? undefined : { allowed: false, because: 'notFound' };
const denyInTrash: Step = ({ entity }) =>
  entity.inTrash ? { allowed: false, because: 'inTrash' } : undefined;
const grantAdmin: Step = ({ user }) => (user.isAdmin ? allow : undefined);
const denyAnonymous: Step = ({ user }) =>
  user.isAnonymous ? { allowed: false, because: 'anonymous' } : undefined;
const denyUnmet: Step = ({ hasUnmetRequirement }) =>
  hasUnmetRequirement() ? { allowed: false, because: 'unmetRequirement' } : undefined;
const grantOpenDataReader: Step = ({ entity, granted }) =>
  entity.isOpenData && granted.has('READ') ? allow : undefined;
const denyUncertified: Step = ({ user }) =>
  user.isCertified ? undefined : { allowed: false, because: 'notCertified' };
const denyUncertifiedUnlessProject: Step = (question) =>
  question.entity.type === 'project' ? undefined : denyUncertified(question);
const denyUncertifiedUnlessCreatingProject: Step = (question) =>
  question.createType === 'project' ? undefined : denyUncertified(question);
const grantCreator: Step = ({ entity, user }) => (entity.createdBy === user.id ? allow : undefined);
const grantAcl: Step = ({ accessType, granted }) => (granted.has(accessType) ? allow : undefined);

/** The checks of each permission, in order. The first one with a result decides. */
const steps: Readonly<Record<EntityAccessType, readonly Step[]>> = {
  READ: [denyUnlessExists, denyInTrash, grantAdmin, grantAcl],
  DOWNLOAD: [
    denyUnlessExists,
    denyInTrash,
    grantAdmin,
    denyUnmet,
    grantOpenDataReader,
    denyAnonymous,
    grantAcl,
  ],
  CREATE: [
    denyUnlessExists,
    denyInTrash,
    grantAdmin,
    denyAnonymous,
    denyUncertifiedUnlessCreatingProject,
    grantAcl,
  ],
  UPDATE: [
    denyUnlessExists,
    denyInTrash,
    grantAdmin,
    denyAnonymous,
    denyUncertifiedUnlessProject,
    grantAcl,
  ],
  // Administrators may delete entities in the trash, to purge them.
  DELETE: [denyUnlessExists, grantAdmin, denyInTrash, denyAnonymous, grantAcl],
  CHANGE_PERMISSIONS: [denyUnlessExists, denyInTrash, grantAdmin, denyAnonymous, grantAcl],
  MODERATE: [denyUnlessExists, denyInTrash, grantAdmin, denyAnonymous, grantAcl],
  CHANGE_SETTINGS: [
    denyUnlessExists,
    denyInTrash,
    grantAdmin,
    denyAnonymous,
    denyUncertified,
    grantCreator,
    grantAcl,
  ],
};

/**
 * Decides whether a user may do something to an entity. Pure: the result depends on the argument
 * only.
 */
export function decideAccess(question: AccessQuestion): AccessDecision {
  for (const step of steps[question.accessType]) {
    const decision = step(question);
    if (decision !== undefined) {
      return decision;
    }
  }
  return { allowed: false, because: 'lacksPermission' };
}
