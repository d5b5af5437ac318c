import { renderXml, type XmlFields } from './xml.js';

/** An error of the storage with an S3 error code. It is sent as XML. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly status: number;
  readonly code: string;
  readonly fields: XmlFields;
  readonly headers: Readonly<Record<string, string>>;

  /** @param options - `fields` are further elements of the answer, `headers` further headers. */
  constructor(
    status: number,
    message: string,
    options: {
      code: string;
      fields?: XmlFields;
      headers?: Readonly<Record<string, string>>;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = options.code;
    this.fields = options.fields ?? {};
    this.headers = options.headers ?? {};
  }

  /** The body of the answer, in the form S3 uses. */
  toXml(requestId: string): string {
    return renderXml('Error', {
      Code: this.code,
      Message: this.message,
      ...this.fields,
      RequestId: requestId,
      HostId: 'local',
    });
  }
}

/** 403 without further detail. */
export function accessDenied(message = 'Access Denied', fields?: XmlFields): StorageError {
  return new StorageError(403, message, { code: 'AccessDenied', fields });
}

/** 404 for an object. */
export function noSuchKey(key: string): StorageError {
  return new StorageError(404, 'The specified key does not exist.', {
    code: 'NoSuchKey',
    fields: { Key: key },
  });
}

/** 404 for a multipart upload. */
export function noSuchUpload(uploadId: string): StorageError {
  return new StorageError(
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { code: 'NoSuchUpload', fields: { UploadId: uploadId } },
  );
}

/** 400 for a value that cannot be read. */
export function invalidArgument(message: string, fields?: XmlFields): StorageError {
  return new StorageError(400, message, { code: 'InvalidArgument', fields });
}

/** 400 for content that is too large for one request. */
export function entityTooLarge(maxBytes: number): StorageError {
  return new StorageError(400, 'Your proposed upload exceeds the maximum allowed size', {
    code: 'EntityTooLarge',
    fields: { MaxSizeAllowed: maxBytes },
  });
}

/** 507 for a full disk. Clients retry a 503 for half an hour before they report it. */
export function diskFull(cause?: unknown): StorageError {
  return new StorageError(507, 'The disk of the server is full; nothing was stored.', {
    code: 'InsufficientStorage',
    cause,
  });
}

/** 500 for content that is not what was stored. */
export function damagedContent(cause: Error): StorageError {
  return new StorageError(500, `The stored content is damaged. ${cause.message}.`, {
    code: 'InternalError',
    cause,
  });
}
