import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { parseVersion, type VersionReference } from './objectIds.js';

/** Every type of object that files belong to. */
const associateTypes: Readonly<Record<M.FileHandleAssociateType, true>> = {
  FileEntity: true,
  TableEntity: true,
  WikiAttachment: true,
  WikiMarkdown: true,
  UserProfileAttachment: true,
  MessageAttachment: true,
  TeamAttachment: true,
  SubmissionAttachment: true,
  VerificationSubmission: true,
  AccessRequirementAttachment: true,
  DataAccessRequestAttachment: true,
  DataAccessSubmissionAttachment: true,
  FormData: true,
};

/** What an access id names: a file handle, and the object that it is read through. */
export interface AccessId {
  readonly fileHandleId: string;
  readonly type?: M.FileHandleAssociateType;
  readonly entity?: VersionReference;
}

/** Reads `<type>_<entity>.<version>_<file handle>`, and the id of a file handle alone. @throws 400 */
export function parseAccessId(text: string): AccessId {
  const parts = text.trim().split('_');
  const [type = '', entity = ''] = parts;
  if (parts.length !== 1 && parts.length !== 3) throw badRequest('Invalid accessId');
  const fileHandleId = handleIdOf(parts.at(-1) ?? '');
  if (parts.length === 1) return { fileHandleId };
  if (!isAssociateType(type)) {
    throw badRequest('AccessId must contain a valid file handle association type.');
  }
  return {
    fileHandleId,
    type,
    entity: parseVersion(entity, 'Synapse id should include version. e.g syn123.1'),
  };
}

function handleIdOf(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw badRequest('AccessId must contain valid file handle id.');
  return String(Number(text));
}

function isAssociateType(text: string): text is M.FileHandleAssociateType {
  return Object.hasOwn(associateTypes, text);
}
