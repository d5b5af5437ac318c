import type { EntityAccessType } from '../../src/server/access/decideAccess.js';

/** All that the rules about entities look at. */
export interface AccessFacts {
  readonly exists: boolean;
  readonly inTrash: boolean;
  readonly isAdmin: boolean;
  readonly isAnonymous: boolean;
  readonly isCertified: boolean;
  /** Whether the user made the entity. */
  readonly isCreator: boolean;
  readonly isProject: boolean;
  /** Whether what is to be made is a project. */
  readonly makesProject: boolean;
  readonly isOpenData: boolean;
  /** Whether a requirement on downloads is not met. */
  readonly isUnmet: boolean;
  /** What the ACL gives to the groups of the user. */
  readonly granted: readonly string[];
}

/** The rules of permissions once more, each as one sentence of logic. */
export function mayDo(accessType: EntityAccessType, facts: AccessFacts): boolean {
  const acl = facts.granted.includes(accessType);
  const isKnown = !facts.isAnonymous;
  if (!facts.exists) return false;
  if (facts.inTrash) return facts.isAdmin && accessType === 'DELETE';
  if (facts.isAdmin) return true;
  switch (accessType) {
    case 'READ':
      return acl;
    case 'DOWNLOAD':
      return (
        !facts.isUnmet && ((facts.isOpenData && facts.granted.includes('READ')) || (isKnown && acl))
      );
    case 'CREATE':
      return isKnown && (facts.isCertified || facts.makesProject) && acl;
    case 'UPDATE':
      return isKnown && (facts.isCertified || facts.isProject) && acl;
    case 'CHANGE_SETTINGS':
      return isKnown && facts.isCertified && (facts.isCreator || acl);
    case 'DELETE':
    case 'CHANGE_PERMISSIONS':
    case 'MODERATE':
      return isKnown && acl;
  }
}
