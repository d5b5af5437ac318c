import { isAct } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { verifications } from './verificationRecords.js';

/** Registers the attachments of verification submissions. */
export function registerVerification(world: World): void {
  world.files.defineAssociation('VerificationSubmission', (caller, objectId, fileHandleId) => {
    const record = verifications(world).get(objectId);
    const isAttached = record?.submission.attachments?.some(({ id }) => id === fileHandleId);
    return isAttached === true && isAct(caller);
  });
}
