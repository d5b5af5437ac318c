import { createHttpCore } from './api/httpCore.js';
import type { Http, HttpOptions } from './api/httpCore.js';

export type { PageArguments, PageOptions, Paginate } from './api/paginate.js';
export type { JobOptions, RunJob } from './api/runJob.js';
export type { ServiceEndpoints } from './api/endpoints.js';
export type { RetryOptions } from './api/retryPolicy.js';
export type { WaitNotice } from './api/governor.js';
export type { CommonOptions, Progress } from './options.js';
export type { Rest } from '../generated/rest.js';
export type { CallOptions, Services } from '../generated/services.js';
export {
  ArgumentError,
  AsyncJobError,
  AuthenticationError,
  AuthorizationError,
  ConflictError,
  EndlessPagesError,
  NetworkError,
  NotFoundError,
  PreconditionFailedError,
  RateLimitError,
  ServerError,
  SynapseError,
  SynapseHttpError,
  TimeoutError,
} from './errors.js';

/** Settings of {@link createRestClient}. */
export interface RestClientOptions extends Omit<HttpOptions, 'accessToken'> {
  /** A personal access token, or a function that returns the current one. Without it, only public data is available. */
  accessToken?: string | (() => string | undefined);
}

/** Only the REST API: no files, no configuration, no login. Works in Node.js and in browsers. */
export type RestClient = Pick<Http, 'rest' | 'services' | 'runJob' | 'paginate' | 'call' | 'close'>;

/**
 * Creates a client of the REST API.
 *
 * @example
 * const { services } = createRestClient({ accessToken });
 * const entity = await services.entity.getEntity({ id: 'syn123' });
 */
export function createRestClient(options: RestClientOptions = {}): RestClient {
  const { accessToken, ...rest } = options;
  if (accessToken === undefined) return createHttpCore(rest);
  const read = typeof accessToken === 'string' ? () => accessToken : accessToken;
  return createHttpCore({ ...rest, accessToken: read });
}
