/** The machine-readable codes that the service adds to some of its errors. */
export type ErrorCode =
  | 'INVALID_TABLE_QUERY_FACET_COLUMN_REQUEST'
  | 'OAUTH_CLIENT_NOT_VERIFIED'
  | 'PASSWORD_RESET_VIA_EMAIL_REQUIRED'
  | 'PROJECT_STORAGE_LIMIT_EXCEEDED'
  | 'TWO_FA_ENABLED_REQUIRED'
  | 'TWO_FA_REQUIRED'
  | 'UNSUPPORTED_WEBHOOK_DOMAIN'
  | 'USER_CERTIFICATION_REQUIRED';

/** Further properties of a {@link ServiceError}. */
export interface ServiceErrorOptions {
  /** Sent as `errorCode` beside the reason. */
  readonly errorCode?: ErrorCode;
  /** Replaces the normal `ErrorResponse` body (OAuth, 2FA, DRS and table status bodies). */
  readonly body?: unknown;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error for the caller. It is sent as an HTTP answer with this status and reason. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly errorCode: ErrorCode | undefined;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, reason: string, options: ServiceErrorOptions = {}) {
    super(reason);
    this.status = status;
    this.errorCode = options.errorCode;
    this.body = options.body;
    this.headers = options.headers ?? {};
  }
}

/** 400: the request is not valid. */
export function badRequest(reason: string, options?: ServiceErrorOptions): ServiceError {
  return new ServiceError(400, reason, options);
}

/** 401: the caller is not authenticated. */
export function unauthorized(reason: string, options?: ServiceErrorOptions): ServiceError {
  return new ServiceError(401, reason, options);
}

/** 403: the caller does not have the permission. */
export function forbidden(reason: string, options?: ServiceErrorOptions): ServiceError {
  return new ServiceError(403, reason, options);
}

/** 404: the object does not exist or is in the trash can. */
export function notFound(reason: string, options?: ServiceErrorOptions): ServiceError {
  return new ServiceError(404, reason, options);
}

/** 409: a name is taken, or the object is in use. */
export function conflict(reason: string, options?: ServiceErrorOptions): ServiceError {
  return new ServiceError(409, reason, options);
}

/** 412: the etag, version or MD5 sent with the request is not the current one. */
export function preconditionFailed(reason: string, options?: ServiceErrorOptions): ServiceError {
  return new ServiceError(412, reason, options);
}

/** 412 with the message of the service for an outdated etag, e.g. `staleEtag('syn12')`. */
export function staleEtag(objectName: string): ServiceError {
  return preconditionFailed(
    `Object: ${objectName} was updated since you last fetched it, retrieve it again and re-apply the update`,
  );
}

/** 503 for a full or simulated full disk, with a minimal body. */
export function storageFull(): ServiceError {
  const reason = 'The server has no space left to store this. Nothing was changed.';
  return new ServiceError(503, reason, { body: { reason } });
}
