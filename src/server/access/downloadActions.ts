import type * as M from '../../../generated/models.js';
import { entityHooks } from '../entities/entityHooks.js';
import { numericId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import { benefactorAcl, grantedBy } from './entityAcls.js';
import { decide, requireAccess } from './requireAccess.js';

const base = 'org.sagebionetworks.repo.model.download';

/**
 * The actions that the caller must take before downloading an entity; empty when the download is
 * allowed.
 *
 * @throws 404, 403 without READ
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/actions/download.html
 */
export function downloadActions(world: World, caller: Caller, id: string): M.Action[] {
  const record = requireAccess(world, caller, id, 'READ');
  if (decide(world, caller, record, 'DOWNLOAD').allowed) {
    return [];
  }
  const actions: M.Action[] = entityHooks(world)
    .restrictions(record, caller)
    .restrictionDetails.flatMap(({ accessRequirementId, isApproved, isMet }) => {
      if (isMet === true || accessRequirementId === undefined) {
        return [];
      }
      // Approved but not met: only two-factor authentication is missing.
      const action = isApproved === true ? 'EnableTwoFa' : 'MeetAccessRequirement';
      return [{ concreteType: `${base}.${action}` as const, accessRequirementId }];
    });
  const acl = benefactorAcl(world, record);
  if (caller.isAnonymous || !grantedBy(acl, caller.groups).has('DOWNLOAD')) {
    actions.push({ concreteType: `${base}.RequestDownload`, benefactorId: numericId(acl.id) });
  }
  return actions;
}
