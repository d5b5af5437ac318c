import { SynapseError } from '../errors.js';

/**
 * Credentials that cannot be used, found before Synapse was asked: a profile that the configuration file
 * does not have, an empty token, a token without the `view` scope, a token of another user.
 */
export class CredentialsError extends SynapseError {
  override readonly name = 'CredentialsError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'AUTHENTICATION', cause: options.cause });
  }
}
