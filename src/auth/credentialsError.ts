import { SynapseError } from '../errors.js';

/**
 * Credentials that cannot be used: a profile that is not in the configuration file, an empty token, a token without the
 * `view` scope, a token of another user.
 */
export class CredentialsError extends SynapseError {
  override readonly name = 'CredentialsError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'AUTHENTICATION', cause: options.cause });
  }
}
