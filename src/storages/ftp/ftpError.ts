import { NetworkError, SynapseError } from '../../errors.js';
import type { FtpAddress } from './ftpAddress.js';

/** Converts an error of the FTP library to one of this package. Reply codes are those of RFC 959, section 4.2. */
export function ftpError({ host, user }: FtpAddress, error: unknown): unknown {
  if (error instanceof SynapseError || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code !== 'number') {
    const why = typeof code === 'string' ? `failed: ${code}` : 'broke';
    return new NetworkError(`The connection to the FTP server ${host} ${why}.`, { cause: error });
  }
  // The last line of a reply contains the result.
  const reply = error.message.replace(/^[^]*\n/, '').replace(/\.\s*$/, '');
  if (code === 530 || code === 332) {
    return new SynapseError(
      `The FTP server ${host} refuses the login of ${user}: ${reply.slice(4)}. The URL of the file contains the user and the password.`,
      { code: 'FTP_LOGIN' },
    );
  }
  if (code < 500) {
    return new NetworkError(`The FTP server ${host} cannot send the file now: ${reply}.`);
  }
  return new SynapseError(`The FTP server ${host} refuses: ${reply}.`, { code: 'FTP' });
}
