import {
  NetworkError,
  NoCredentialsError,
  redactText,
  SynapseError,
  SynapseHttpError,
  systemCode,
} from '../../errors.js';

/** What the errors of the AWS SDK have in common. */
interface SdkError {
  name: string;
  message: string;
  $metadata?: { httpStatusCode?: number };
}

/**
 * Turns an error of the AWS SDK into one of this library.
 * @param action - What was tried, as in "Cannot upload data.csv to the bucket b".
 */
export function s3Error(
  action: string,
  error: unknown,
  url: string,
  signal?: AbortSignal,
): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof SynapseError || !isSdkError(error)) return error;
  const status = error.$metadata?.httpStatusCode;
  const reason = redactText(error.message);
  if (status !== undefined && status >= 300) {
    return new SynapseHttpError(`${action}: ${error.name}: ${reason} (${status}).`, {
      status,
      reason,
      method: 'PUT',
      url,
      errorCode: error.name,
      code: 'STORAGE',
    });
  }
  if (error.name === 'CredentialsProviderError') {
    return new NoCredentialsError(
      `${action}: there are no AWS credentials for it (${reason}). Put them into a profile of ~/.aws/credentials, and the name of the profile into ~/.synapseConfig: a section [<endpoint>/<bucket>] with profile_name.`,
    );
  }
  if (systemCode(error)?.startsWith('E') === true || error.name === 'TimeoutError') {
    return new NetworkError(`${action}: the connection failed: ${reason}.`, { cause: error });
  }
  return error;
}

function isSdkError(error: unknown): error is SdkError {
  return typeof error === 'object' && error !== null && 'name' in error && 'message' in error;
}
