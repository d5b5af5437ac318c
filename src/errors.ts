/**
 * Everything this package throws on purpose. Catch by class, or branch on {@link SynapseError.code}.
 * The one exception is an abort: it rejects with `signal.reason`, untouched.
 */
export class SynapseError extends Error {
  override readonly name: string = 'SynapseError';
  /** A stable word in UPPER_SNAKE case; a system error keeps its own, such as `ENOENT`. */
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
  }
}

/** What an answer of the server said, as {@link SynapseHttpError} keeps it. */
export interface HttpErrorOptions {
  status: number;
  /** The server's own words, whole. */
  reason: string;
  method: string;
  url: string;
  requestId?: string | undefined;
  /** The parsed body, or its text. */
  body?: unknown;
  /** The server's machine-readable word, such as `USER_CERTIFICATION_REQUIRED`. */
  errorCode?: string | undefined;
  /** Milliseconds that the server asked to wait (`Retry-After`). */
  retryAfter?: number | undefined;
  /** Names the class of the error. @default 'HTTP' */
  code?: string;
  cause?: unknown;
}

/** The server answered, and the answer is not a success. */
export class SynapseHttpError extends SynapseError {
  override readonly name: string = 'SynapseHttpError';
  readonly status: number;
  /** The server's own words, whole; `message` has them on one line. */
  readonly reason: string;
  readonly method: string;
  /** Without the secrets a query can hold. */
  readonly url: string;
  readonly requestId?: string;
  readonly errorCode?: string;
  /** The parsed body, or its text. Not enumerable: printing the error does not print the body. */
  declare readonly body: unknown;

  constructor(message: string, options: HttpErrorOptions) {
    super(message, { code: options.code ?? 'HTTP', cause: options.cause });
    this.status = options.status;
    this.reason = options.reason;
    this.method = options.method;
    this.url = redactUrl(options.url);
    if (options.requestId !== undefined) this.requestId = options.requestId;
    if (options.errorCode !== undefined) this.errorCode = options.errorCode;
    // A two-factor challenge carries a token in its body (POST /auth/v1/login2).
    Object.defineProperty(this, 'body', { value: options.body, enumerable: false });
  }
}

/** 401: no access token, or one that Synapse refuses. */
export class AuthenticationError extends SynapseHttpError {
  override readonly name = 'AuthenticationError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'AUTHENTICATION' });
  }
}

/** 403: Synapse knows the caller (or serves them as anonymous) and says no. */
export class AuthorizationError extends SynapseHttpError {
  override readonly name = 'AuthorizationError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'AUTHORIZATION' });
  }
}

/** 404: there is no such thing, or it is in the trash can. */
export class NotFoundError extends SynapseHttpError {
  override readonly name = 'NotFoundError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'NOT_FOUND' });
  }
}

/** 409: something of that name or key is already there. */
export class ConflictError extends SynapseHttpError {
  override readonly name = 'ConflictError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'CONFLICT' });
  }
}

/** 412: the object changed since it was fetched (its etag is stale). */
export class PreconditionFailedError extends SynapseHttpError {
  override readonly name = 'PreconditionFailedError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'PRECONDITION_FAILED' });
  }
}

/** 429: too many requests, and the retries did not get through either. */
export class RateLimitError extends SynapseHttpError {
  override readonly name = 'RateLimitError';
  /** Milliseconds that the server asked to wait, where it said so. */
  readonly retryAfter?: number;
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'RATE_LIMIT' });
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

/** 5xx: Synapse, or a proxy on the way to it, failed. */
export class ServerError extends SynapseHttpError {
  override readonly name = 'ServerError';
  constructor(message: string, options: HttpErrorOptions) {
    super(message, { ...options, code: 'SERVER' });
  }
}

/** No answer came: the name did not resolve, the connection failed or broke. `cause` has the system's error. */
export class NetworkError extends SynapseError {
  override readonly name = 'NetworkError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'NETWORK', cause: options.cause });
  }
}

/** The work did not end within the time it was given. */
export class TimeoutError extends SynapseError {
  override readonly name = 'TimeoutError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'TIMEOUT', cause: options.cause });
  }
}

/** Bad input, found before any byte moved. */
export class ArgumentError extends SynapseError {
  override readonly name = 'ArgumentError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'ARGUMENT', cause: options.cause });
  }
}

/** The bytes are not the ones that were promised. */
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
      `The MD5 of ${path} is ${actual} but should be ${expected}: the content changed or was damaged on the way. Try again.`,
      { code: 'MD5_MISMATCH', cause: options.cause },
    );
    this.expected = expected;
    this.actual = actual;
    this.path = path;
  }
}

/** A local file or folder cannot be used; `code` is the system's word (`ENOENT`, `EACCES`, `ENOSPC`, ...). */
export class FileSystemError extends SynapseError {
  override readonly name = 'FileSystemError';
  readonly path: string;

  constructor(message: string, options: { path: string; code: string; cause?: unknown }) {
    super(message, options);
    this.path = options.path;
  }
}

/** What a system error means to a user, and what helps. */
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
 * Wraps what `node:fs` throws: what was tried, on which path, and why it failed. Errors of this
 * package and errors without a system code come back as they are.
 * @param action what was tried, as in "Cannot write"
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

/** The system's word (`ENOENT`, `ECONNRESET`, ...) in an error of any realm; `instanceof` misses those of another. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** An upload stopped; storing the same file again goes on with the missing parts. */
export class UploadError extends SynapseError {
  override readonly name = 'UploadError';
  /** The multipart upload on the server, once there is one. */
  readonly uploadId?: string;
  /** The parts, counted from 1, that the server does not have. */
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

/** A download stopped before the file was whole. */
export class DownloadError extends SynapseError {
  override readonly name = 'DownloadError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'DOWNLOAD', cause: options.cause });
  }
}

/** One of several pieces of work that failed. */
export interface Failure {
  /** The local file, or the id of the entity. */
  path: string;
  error: Error;
}

/** Some of several pieces of work failed; the others are done. */
export class PartialFailureError extends SynapseError {
  override readonly name = 'PartialFailureError';
  readonly failures: readonly Failure[];

  /** @param done - What should have happened to each: `stored`, `downloaded`. */
  constructor(done: string, failures: readonly Failure[]) {
    const count = failures.length === 1 ? 'One was' : `${failures.length} were`;
    const lines = failures.map(({ path, error }) => `\n  ${path}: ${error.message}`);
    super(`${count} not ${done}:${lines.join('')}`, {
      code: 'PARTIAL_FAILURE',
      cause: failures[0]?.error,
    });
    this.failures = failures;
  }
}

/** The data asks for conditions that the caller has not met yet. */
export class UnmetAccessRestrictionError extends SynapseError {
  override readonly name = 'UnmetAccessRestrictionError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'UNMET_ACCESS_RESTRICTION', cause: options.cause });
  }
}

/** An asynchronous job failed; `message` starts with the server's words, `cause` has the answer itself. */
export class AsyncJobError extends SynapseError {
  override readonly name = 'AsyncJobError';
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

/** A login was asked for and no source of credentials had any. */
export class NoCredentialsError extends SynapseError {
  override readonly name = 'NoCredentialsError';
  constructor(
    message = 'No credentials found. Run `synapse login`, or set SYNAPSE_AUTH_TOKEN to a personal access token.',
    options: { cause?: unknown } = {},
  ) {
    super(message, { code: 'NO_CREDENTIALS', cause: options.cause });
  }
}

/** Query parameters whose value opens a door: presigned URLs of S3, Google and Azure, tokens, keys. */
const secretParameter =
  /^(x-(amz|goog|ms)-|aws|google|sig$|s[pvret]$|s(ig|e)nature|signature|policy|expires|key-pair-id|.*(token|secret|password|credential|passcode|api_?key)|code$)/i;

/** Opaque page marks are named like tokens and open nothing. */
const harmlessParameter = /^nextPageToken$/i;

/** Takes out of a URL what must not be shown: user and password, and secrets in the query. */
export function redactUrl(url: string): string {
  const [beforeHash = ''] = url.split('#', 1);
  const mark = beforeHash.indexOf('?');
  const base = (mark < 0 ? beforeHash : beforeHash.slice(0, mark)).replace(
    /^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i,
    '$1',
  );
  if (mark < 0) return base;
  const kept = beforeHash
    .slice(mark + 1)
    .split('&')
    .filter((pair) => {
      const name = pair.split('=', 1)[0] ?? '';
      return name !== '' && (harmlessParameter.test(name) || !secretParameter.test(name));
    });
  return kept.length === 0 ? base : `${base}?${kept.join('&')}`;
}

/** Takes secrets out of free text: bearer tokens, and the queries of URLs. */
export function redactText(text: string): string {
  return text
    .replace(/\bBearer\s+[\w~+/.=-]+/gi, 'Bearer ***')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, redactUrl);
}
