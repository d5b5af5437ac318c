import {
  NetworkError,
  NoCredentialsError,
  redactText,
  SynapseError,
  SynapseHttpError,
  systemCode,
} from '../../errors.js';

/** The common properties of AWS SDK errors. */
interface SdkError {
  name: string;
  message: string;
  $metadata?: { httpStatusCode?: number };
}

/**
 * Converts an error of the AWS SDK to one of this package.
 * @param action - The failed action, such as "Cannot upload data.csv to the bucket b".
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
      `${action}: there are no AWS credentials for it (${reason}). Add them as a profile to ~/.aws/credentials, and set profile_name in the section [<endpoint>/<bucket>] of ~/.synapseConfig.`,
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
