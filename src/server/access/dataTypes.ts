import type * as M from '../../../generated/models.js';
import { putEntity, refuseBuiltIn } from '../entities/entityWrites.js';
import { getEntityRecord, getVersionRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden } from '../kernel/serviceError.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { hasAccess } from './requireAccess.js';

/**
 * Sets whether the data of an entity is open: users who may read open data may also download it.
 *
 * @throws 404, 403 unless the caller is in the access committee or an administrator, or may update
 *   the entity and does not make its data open
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/datatype.html
 */
export function changeDataType(
  world: World,
  caller: Caller,
  id: string,
  dataType: M.DataType,
): M.DataTypeResponse {
  const record = getEntityRecord(world, id);
  if (!caller.isAdmin && !caller.groups.has(fixedPrincipals.accessAndCompliance)) {
    if (dataType === 'OPEN_DATA') {
      throw forbidden(
        "Must be a member of the 'Synapse Access and Compliance Team' to change an object's DataType to: OPEN_DATA",
      );
    }
    if (!hasAccess(world, caller, id, 'UPDATE')) {
      throw forbidden(
        `Must have UPDATE permission to change an object's DataType to : ${dataType}`,
      );
    }
  }
  refuseBuiltIn(id);
  const mark = { dataType, updatedBy: caller.userId, updatedOn: world.timestamp() };
  putEntity(world, {
    record: { ...record, dataType: mark },
    version: getVersionRecord(world, record),
  });
  return {
    objectId: id,
    objectType: 'ENTITY',
    dataType,
    updatedBy: String(mark.updatedBy),
    updatedOn: mark.updatedOn,
  };
}
