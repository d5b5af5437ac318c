import { hash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { checkFileName } from './fileName.js';
import { isMd5 } from './handleRecords.js';
import { fileSizeProblem, partSizeProblem } from './partPlan.js';
import { defaultLocationId } from './storageLocations.js';

const packageName = 'org.sagebionetworks.repo.model.file.';
const copyType = `${packageName}MultipartUploadCopyRequest`;

/** A checked request, with defaults for the properties that the client omitted. */
export type UploadRequest =
  | {
      readonly kind: 'upload';
      readonly fileName: string;
      readonly fileSizeBytes: number;
      readonly partSizeBytes: number;
      readonly contentMD5Hex: string;
      readonly contentType?: string;
      readonly storageLocationId: number;
      readonly generatePreview?: boolean;
    }
  | {
      readonly kind: 'copy';
      readonly fileName?: string;
      readonly partSizeBytes: number;
      readonly source: Required<M.FileHandleAssociation>;
      readonly storageLocationId: number;
      readonly generatePreview?: boolean;
    };

/** Checks a request of `POST /file/v1/file/multipart`. @throws 400, 403 */
export function readUploadRequest(caller: Caller, body: M.MultipartRequest): UploadRequest {
  const { partSizeBytes } = body;
  if (partSizeBytes === undefined) {
    const type = (body.concreteType ?? 'MultipartUploadRequest').replace(packageName, '');
    throw badRequest(`${type}.partSizeBytes is required.`);
  }
  refuse(partSizeProblem(partSizeBytes));
  if (caller.isAnonymous) throw forbidden('Anonymous cannot upload files.');
  return body.concreteType === copyType
    ? readCopy(body, partSizeBytes)
    : readUpload(body, partSizeBytes);
}

function readUpload(body: M.MultipartUploadRequest, partSizeBytes: number): UploadRequest {
  const { fileName, fileSizeBytes, contentMD5Hex, contentType, generatePreview } = body;
  if (!fileName) throw badRequest(notEmpty('MultipartUploadRequest.fileName'));
  checkFileName(fileName);
  if (fileSizeBytes === undefined) {
    throw badRequest('MultipartUploadRequest.fileSizeBytes is required.');
  }
  if (!contentMD5Hex) throw badRequest(notEmpty('MultipartUploadRequest.contentMD5Hex'));
  if (!isMd5(contentMD5Hex)) {
    throw badRequest('The content MD5 digest must be a valid hexadecimal string of length 32.');
  }
  refuse(fileSizeProblem(fileSizeBytes));
  return {
    kind: 'upload',
    fileName,
    fileSizeBytes,
    partSizeBytes,
    contentMD5Hex,
    storageLocationId: body.storageLocationId ?? defaultLocationId,
    ...(contentType !== undefined && { contentType }),
    ...(generatePreview !== undefined && { generatePreview }),
  };
}

function readCopy(body: M.MultipartUploadCopyRequest, partSizeBytes: number): UploadRequest {
  const { fileName, storageLocationId, generatePreview, sourceFileHandleAssociation } = body;
  const type = 'MultipartUploadCopyRequest';
  if (storageLocationId === undefined) {
    throw badRequest(`${type}.storageLocationId is required.`);
  }
  if (sourceFileHandleAssociation === undefined) {
    throw badRequest(`${type}.sourceFileHandleAssociation is required.`);
  }
  const { fileHandleId, associateObjectId, associateObjectType } = sourceFileHandleAssociation;
  const required = (name: string) =>
    badRequest(`${type}.sourceFileHandleAssociation.${name} is required.`);
  if (fileHandleId === undefined) throw required('fileHandleId');
  if (associateObjectId === undefined) throw required('associateObjectId');
  if (associateObjectType === undefined) throw required('associateObjectType');
  if (fileName?.trim()) checkFileName(fileName);
  return {
    kind: 'copy',
    partSizeBytes,
    source: { fileHandleId, associateObjectId, associateObjectType },
    storageLocationId,
    ...(fileName?.trim() && { fileName }),
    ...(generatePreview !== undefined && { generatePreview }),
  };
}

/** Identifies the upload of a request. A user who repeats the request continues the upload. */
export function requestHash(request: UploadRequest): string {
  const sorted = Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('md5', JSON.stringify(sorted));
}

function notEmpty(name: string): string {
  return `${name} is required and must not be the empty string.`;
}

/** @throws 400 when there is a problem */
export function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw badRequest(problem);
}
