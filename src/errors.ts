import { redactCause, redactText, redactUrl } from './redact.js';

export { redactText, redactUrl };

/**
 * The errors that this package throws. Catch them by class, or check {@link SynapseError.code}.
 * The only exception is an abort, which rejects with `signal.reason` unchanged.
 */
export class SynapseError extends Error {
  override readonly name: string = 'SynapseError';
  /** A stable error code in UPPER_SNAKE case. A system error keeps its code, such as `ENOENT`. */
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    // Servers echo what they receive, and causes hold what they echo.
    super(
      redactText(message),
      options.cause === undefined ? undefined : { cause: redactCause(options.cause) },
    );
    this.code = options.code;
  }
}

/** The details of a response, for {@link SynapseHttpError}. */
export interface HttpErrorOptions {
  status: number;
  /** The server's own words, whole; the error removes secrets. */
  reason: string;
  method: string;
  url: string;
  requestId?: string | undefined;
  /** The parsed body, or its text. */
  body?: unknown;
  /** The server's machine-readable error code, such as `USER_CERTIFICATION_REQUIRED`. */
  errorCode?: string | undefined;
  /** Milliseconds that the server asked to wait (`Retry-After`). */
  retryAfter?: number | undefined;
  /** The `code` of the error. @default 'HTTP' */
  code?: string;
  cause?: unknown;
}

/** The server responded with an error. */
export class SynapseHttpError extends SynapseError {
  override readonly name: string = 'SynapseHttpError';
  readonly status: number;
  /** The reason from the server without secrets. `message` contains it on one line. */
  readonly reason: string;
  readonly method: string;
  /** Secrets in the query are removed. */
  readonly url: string;
  readonly requestId?: string;
  readonly errorCode?: string;
  /** The parsed body, or its text. Not enumerable: printing the error does not print the body. */
  declare readonly body: unknown;

  constructor(message: string, options: HttpErrorOptions) {
    super(message, { code: options.code ?? 'HTTP', cause: options.cause });
    this.status = options.status;
    this.reason = redactText(options.reason);
    this.method = options.method;
    this.url = redactText(redactUrl(options.url));
    if (options.requestId !== undefined) this.requestId = redactText(options.requestId);
    if (options.errorCode !== undefined) this.errorCode = redactText(options.errorCode);
    // The body of a two-factor challenge contains a token (POST /auth/v1/login2).
    Object.defineProperty(this, 'body', {
      value: options.body,
      enumerable: false,
      // A copy without secrets has another body.
      configurable: true,
    });
  }
}

/** 401: the access token is missing or refused. */
export class AuthenticationError extends SynapseHttpError {
  override readonly name = 'AuthenticationError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'AUTHENTICATION' });
  }
}

/** 403: the caller, who may be anonymous, lacks the permission. */
export class AuthorizationError extends SynapseHttpError {
  override readonly name = 'AuthorizationError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'AUTHORIZATION' });
  }
}

/** 404: the object does not exist, or is in the trash can. */
export class NotFoundError extends SynapseHttpError {
  override readonly name = 'NotFoundError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'NOT_FOUND' });
  }
}

/** 409: an object with that name or key already exists. */
export class ConflictError extends SynapseHttpError {
  override readonly name = 'ConflictError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'CONFLICT' });
  }
}

/** 412: the object has changed since it was fetched (its etag is outdated). */
export class PreconditionFailedError extends SynapseHttpError {
  override readonly name = 'PreconditionFailedError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'PRECONDITION_FAILED' });
  }
}

/** 429: too many requests, even after retries. */
export class RateLimitError extends SynapseHttpError {
  override readonly name = 'RateLimitError';
  /** Milliseconds that the server asked to wait; absent if it did not. */
  readonly retryAfter?: number;
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'RATE_LIMIT' });
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

/** 5xx: Synapse or a proxy failed. */
export class ServerError extends SynapseHttpError {
  override readonly name = 'ServerError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'SERVER' });
  }
}

/** No response: the host name did not resolve, or the connection failed. `cause` is the system error. */
export class NetworkError extends SynapseError {
  override readonly name = 'NetworkError';
  /** The requested URL, without secrets. */
  readonly url?: string;
  constructor(message: string, options: { cause?: unknown; url?: string | undefined } = {}) {
    super(message, { code: 'NETWORK', cause: options.cause });
    if (options.url !== undefined) this.url = redactUrl(options.url);
  }
}

/** The operation exceeded its timeout. */
export class TimeoutError extends SynapseError {
  override readonly name = 'TimeoutError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'TIMEOUT', cause: options.cause });
  }
}

/** The parts of a {@link MalformedResponseError}. */
export interface MalformedResponse {
  /** The id of the operation, such as `entity.getEntity`. */
  operation: string;
  /** The path of the field, such as `page[3].name`; empty for the whole answer. */
  field: string;
  /** What the field should be. */
  expected: string;
  /** What the field is. */
  actual: string;
}

/** Synapse answered what its description does not allow: a field is missing, or has another type. */
export class MalformedResponseError extends SynapseError {
  override readonly name = 'MalformedResponseError';
  readonly operation: string;
  readonly field: string;

  constructor({ operation, field, expected, actual }: MalformedResponse) {
    const what = field === '' ? 'the answer' : `\`${field}\``;
    super(
      `Synapse answered what its description does not allow: ${what} of ${operation} is ${actual}, and should be ${expected}. ` +
        'Check the endpoint, and whether a proxy changes its answers; if both are right, try again later.',
      { code: 'MALFORMED_RESPONSE' },
    );
    this.operation = operation;
    this.field = field;
  }
}

/** The server returns pages of a list without end. */
export class EndlessPagesError extends SynapseError {
  override readonly name = 'EndlessPagesError';

  /**
   * @param operation - Its id, such as `entity.listEntityChildren`.
   * @param why - What was noticed.
   */
  constructor(operation: string, why: string) {
    super(
      `The list of ${operation} has no end: ${why}. Its items up to there have been read. Try again later.`,
      { code: 'MALFORMED_RESPONSE' },
    );
  }
}

/** An invalid argument, detected before any data is transferred. */
export class ArgumentError extends SynapseError {
  override readonly name: string = 'ArgumentError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'ARGUMENT', cause: options.cause });
  }
}

/** The MD5 of the bytes is not the expected one. */
export class Md5MismatchError extends SynapseError {
  override readonly name = 'Md5MismatchError';
  /** Lower-case hexadecimal. */
  readonly expected: string;
  /** Lower-case hexadecimal. */
  readonly actual: string;
  readonly path: string;

  constructor(options: { path: string; expected: string; actual: string; cause?: unknown }) {
    const { path, expected, actual } = options;
    super(
      `The MD5 of ${path} is ${actual} but should be ${expected}: the content has changed or was damaged in transit. Try again.`,
      { code: 'MD5_MISMATCH', cause: options.cause },
    );
    this.expected = expected;
    this.actual = actual;
    this.path = path;
  }
}

/** A local file or folder cannot be used; `code` is the error code of the system (`ENOENT`, `EACCES`, `ENOSPC`, ...). */
export class FileSystemError extends SynapseError {
  override readonly name = 'FileSystemError';
  readonly path: string;

  constructor(message: string, options: { path: string; code: string; cause?: unknown }) {
    super(message, options);
    this.path = options.path;
  }
}

/** Readable descriptions of system errors, with what to do. */
const systemWords: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'it already exists',
  ENOSPC: 'the disk is full; make room and run it again',
  EDQUOT: 'your disk quota is used up; make room and run it again',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long for this file system',
  ELOOP: 'too many symbolic links',
};

/**
 * Wraps an error of `node:fs` in one that names the action, the path and the reason. Errors of this
 * package and errors without a system code are returned unchanged.
 * @param action the failed action, such as "Cannot write"
 */
export function fileSystemError(action: string, path: string, cause: unknown): Error {
  if (cause instanceof SynapseError) return cause;
  const code = systemCode(cause);
  if (code === undefined) {
    return cause instanceof Error
      ? cause
      : new SynapseError(`${action} ${path}: ${String(cause)}`, { code: 'UNKNOWN', cause });
  }
  return new FileSystemError(`${action} ${path}: ${systemWords[code] ?? code}.`, {
    path,
    code,
    cause,
  });
}

/** The system error code (`ENOENT`, `ECONNRESET`, ...) of an error of any realm. `instanceof` fails for errors of another realm. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** An upload stopped. Store the same file again to send the missing parts. */
export class UploadError extends SynapseError {
  override readonly name = 'UploadError';
  /** The id of the multipart upload on the server, if it was started. */
  readonly uploadId?: string;
  /** The numbers of the missing parts, from 1. */
  readonly missingParts?: readonly number[];

  constructor(
    message: string,
    options: { uploadId?: string; missingParts?: readonly number[]; cause?: unknown } = {},
  ) {
    super(message, { code: 'UPLOAD', cause: options.cause });
    if (options.uploadId !== undefined) this.uploadId = options.uploadId;
    if (options.missingParts !== undefined) this.missingParts = options.missingParts;
  }
}

/** A download stopped before the file was complete. */
export class DownloadError extends SynapseError {
  override readonly name = 'DownloadError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'DOWNLOAD', cause: options.cause });
  }
}

/** One failure among several operations. */
export interface Failure {
  /** The local file, or the id of the entity. */
  path: string;
  error: Error;
}

/** Some of several operations failed. The others are complete. */
export class PartialFailureError extends SynapseError {
  override readonly name: string = 'PartialFailureError';
  readonly failures: readonly Failure[];

  /** @param done - The operation as a past participle: `stored`, `downloaded`. */
  constructor(done: string, failures: readonly Failure[]) {
    const count = failures.length === 1 ? 'One was' : `${failures.length} were`;
    const lines = failures.map(({ path, error }) => `\n  ${path}: ${error.message}`);
    super(`${count} not ${done}:${lines.join('')}`, {
      code: 'PARTIAL_FAILURE',
      cause: failures[0]?.error,
    });
    this.failures = failures.map(({ path, error }) => ({ path, error: redactCause(error) }));
  }
}

/** The data has access requirements that the caller does not meet. */
export class UnmetAccessRestrictionError extends SynapseError {
  override readonly name = 'UnmetAccessRestrictionError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'UNMET_ACCESS_RESTRICTION', cause: options.cause });
  }
}

/** An asynchronous job failed. `message` starts with the reason from the server; `cause` is the HTTP error. */
export class AsyncJobError extends SynapseError {
  override readonly name: string = 'AsyncJobError';
  readonly jobId: string;

  constructor(message: string, options: { jobId: string; cause?: unknown }) {
    super(message, { code: 'ASYNC_JOB', cause: options.cause });
    this.jobId = options.jobId;
  }
}

/** A configuration file, or a setting in the environment, cannot be used. */
export class ConfigError extends SynapseError {
  override readonly name = 'ConfigError';
  /** The file, or the variable of the environment. */
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;

  constructor(message: string, options: { path: string; line?: number; cause?: unknown }) {
    super(message, { code: 'CONFIG', cause: options.cause });
    this.path = options.path;
    if (options.line !== undefined) this.line = options.line;
  }
}

/** A login is required and no source has credentials. */
export class NoCredentialsError extends SynapseError {
  override readonly name = 'NoCredentialsError';
  constructor(
    message = 'No credentials found. Call `syn.login()` with a personal access token, or set SYNAPSE_AUTH_TOKEN to a personal access token.',
    options: { cause?: unknown } = {},
  ) {
    super(message, { code: 'NO_CREDENTIALS', cause: options.cause });
  }
}
