import { operations } from '../../generated/operations.js';
import { schemas, type JsonSchema } from '../../generated/schemas.js';

const refPrefix = '#/components/schemas/';

/** Properties that hold file handle ids although their names do not say so. */
const otherFields: ReadonlySet<string> = new Set([
  'AttachmentMetadata.id',
  'PartialRow.values',
  'Renewal.attachments',
  'Request.attachments',
  'Row.values',
  'S3FileHandle.previewId',
  'GoogleCloudFileHandle.previewId',
  'SparseRowDto.values',
  'Team.icon',
]);

/** Properties whose names sound like a file and that hold something else. */
const notHandles: ReadonlySet<string> = new Set([
  'CloudMailInAttachment.file_name',
  'DownloadListItem.fileEntityId',
  'ExternalObjectStoreFileHandle.fileKey',
  'FileBasedMetadataTaskProperties.fileViewId',
  'FileHandleCopyRequest.newFileName',
  'MessageToUser.userProfileSettingEndpoint',
  'MultipartUploadRequest.fileSizeBytes',
  'Preview.previewString',
  'ProjectStorageLocationLimit.maxAllowedFileBytes',
  'ProxyFileHandle.filePath',
  'RestoreTypeRequest.backupFileKey',
  'fileName',
  'fileNameOverride',
  'selectFileColumn',
  'selectFileVersionColumn',
  'zipFileName',
]);

const soundsLikeFile = /file|handle|attach|icon|preview|picture|template/i;
const namesHandle = /FileHandleIds?$/i;

/**
 * Every place in the requests of the API description that holds a file handle id, as `operation
 * Model.property`.
 *
 * @throws when a property sounds like a file and is in neither list, because the API has grown
 */
export function handleFields(): string[] {
  return Object.entries(operations).flatMap(([operation, row]) => {
    const found = new Set<string>();
    walk({ $ref: refPrefix + row[3] }, '', { found, open: new Set() });
    return [...found].map((field) => `${operation} ${field}`);
  });
}

/** The operations whose path names a file handle. */
export function handlePaths(): string[] {
  return Object.entries(operations)
    .filter(([, row]) =>
      /\/\{(?:handleId|fileHandleId)\w*\}|\/file\/v1\/file\/\{id\}/i.test(row[1]),
    )
    .map(([operation]) => operation);
}

interface Walk {
  readonly found: Set<string>;
  readonly open: Set<string>;
}

function walk(schema: JsonSchema, owner: string, state: Walk): void {
  const name = schema.$ref?.slice(refPrefix.length);
  if (name !== undefined) {
    const target = schemas[name];
    if (target !== undefined && !state.open.has(name)) {
      walk(target, name, { ...state, open: new Set([...state.open, name]) });
    }
    return;
  }
  const { additionalProperties, items, oneOf = [], properties = {} } = schema;
  for (const part of [...oneOf, items, additionalProperties]) {
    if (typeof part === 'object') walk(part, owner, state);
  }
  for (const [key, part] of Object.entries(properties)) {
    if (isHandleField(owner, key, part)) state.found.add(`${owner}.${key}`);
    walk(part, owner, state);
  }
}

function isHandleField(owner: string, key: string, schema: JsonSchema): boolean {
  const field = `${owner}.${key}`;
  if (otherFields.has(field)) return true;
  const { type } = schema.items ?? schema;
  const holdsId = (type === 'string' || type === 'integer') && schema.enum === undefined;
  if (!holdsId || !soundsLikeFile.test(key)) return false;
  if (namesHandle.test(key)) return true;
  if (notHandles.has(field) || notHandles.has(key)) return false;
  throw new Error(`${field} sounds like a file: does it hold a file handle id?`);
}
