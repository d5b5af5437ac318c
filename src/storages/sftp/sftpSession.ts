import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2';
import { userInfo } from 'node:os';
import { fileSystemError, NetworkError, NoCredentialsError, SynapseError } from '../../errors.js';
import { loadOptional } from '../../loadOptional.js';
import { readInput } from '../../files/readInput.js';
import { onAbort } from '../../net/onAbort.js';
import { parseSftpUrl } from './sftpAddress.js';
import { SftpClient } from './sftpClient.js';
import { hostKeyCheck } from './sftpHostKeys.js';
import { SftpRequests } from './sftpRequests.js';
import type { SftpSettings, StorageContext } from '../storageContext.js';

/** A connection to an SFTP server. */
export interface SftpSession {
  readonly client: SftpClient;
  readonly requests: SftpRequests;
  /** The decoded path from the URL. */
  readonly path: string;
  readonly host: string;
  close(): Promise<void>;
}

/** Timeout for a response of the server, in milliseconds. */
const patience = 30_000;

/**
 * Connects to the SFTP server that a URL names, with the user name and password, or key, of the section `[sftp://host]`
 * of the configuration file, otherwise with the keys of the SSH agent.
 *
 * @throws {@link NoCredentialsError} when there is no login.
 * @throws {@link SynapseError} (`HOST_KEY`) when the host key is unknown or has changed.
 * @throws {@link SynapseError} (`SFTP_LOGIN`) when the server refuses the login.
 * @throws {@link NetworkError} when the connection fails.
 */
export async function openSftp(
  ctx: Pick<StorageContext, 'storageSettings'>,
  url: string,
  signal?: AbortSignal,
): Promise<SftpSession> {
  signal?.throwIfAborted();
  const { host, port, path, user } = parseSftpUrl(url);
  const settings = ctx.storageSettings.sftp(url);
  const login = await loginOf(host, {
    ...settings,
    username: settings.username ?? (user || undefined),
  });
  const check = await hostKeyCheck({ host, port }, settings);
  // Loaded on use, because few users keep files on SFTP servers.
  const { default: ssh2 } = await loadOptional('ssh2', () => import('ssh2'));
  const client = new ssh2.Client();
  const ignoreAbort = onAbort(signal, () => client.destroy());
  try {
    const wire = await connect(client, {
      host,
      port,
      ...login,
      tryKeyboard: login.password !== undefined,
      readyTimeout: patience,
      keepaliveInterval: patience / 3,
      hostVerifier: (key: Buffer) => check.verify(key),
      algorithms: { serverHostKey: check.algorithms },
    });
    const requests = new SftpRequests(wire);
    client.on('close', () => requests.lose(host));
    return { client: new SftpClient(requests), requests, path, host, close: () => end(client) };
  } catch (error) {
    client.destroy();
    signal?.throwIfAborted();
    throw check.refusal ?? sftpError({ host, ...login }, error);
  } finally {
    ignoreAbort();
  }
}

function connect(client: Client, config: ConnectConfig): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    // These listeners stay. After the connection is made, pending requests fail through `close`.
    client.on('error', reject);
    client.on('close', () => reject(new Error('No response: the server closed the connection')));
    client.on('keyboard-interactive', (_name, _instructions, _language, _prompts, answer) => {
      answer([config.password ?? '']);
    });
    client.on('ready', () => {
      client.sftp((error, wire) => {
        if (error) reject(error);
        else resolve(wire);
      });
    });
    client.connect(config);
  });
}

/** Disconnects, without waiting for the server to close its side. */
function end(client: Client): Promise<void> {
  client.end();
  return Promise.resolve();
}

/** Runs a task with a connection. @throws The errors of {@link openSftp} and of the server. */
export async function withSftp<T>(
  ctx: Pick<StorageContext, 'storageSettings'>,
  url: string,
  signal: AbortSignal | undefined,
  use: (session: SftpSession) => Promise<T>,
): Promise<T> {
  const session = await openSftp(ctx, url, signal);
  try {
    return await use(session);
  } catch (error) {
    signal?.throwIfAborted();
    throw sftpError(session, error);
  } finally {
    await session.close();
  }
}

interface SftpLogin {
  username: string;
  password?: string;
  privateKey?: Buffer;
  /** Of the private key. */
  passphrase?: string;
  agent?: string;
}

async function loginOf(
  host: string,
  { username = userInfo().username, password, privateKey }: SftpSettings,
): Promise<SftpLogin> {
  const agent = process.env['SSH_AUTH_SOCK'];
  if (privateKey !== undefined) {
    const key = await readInput(privateKey).catch((cause: unknown) => {
      throw fileSystemError(`Cannot read the key for ${host}`, privateKey, cause);
    });
    return { username, privateKey: key, passphrase: password };
  }
  if (password !== undefined) return { username, password };
  if (agent) return { username, agent };
  throw new NoCredentialsError(
    `No login for the SFTP server ${host}. Set username and password, or private_key, in a section [sftp://${host}] of ~/.synapseConfig, or start an SSH agent.`,
  );
}

/** Converts an error of the SSH library to one of this package. */
export function sftpError(
  { host, username = '' }: { host: string; username?: string },
  error: unknown,
): unknown {
  if (error instanceof SynapseError || !isForeign(error)) return error;
  const { message, code } = error;
  const options = { cause: error };
  if (message.includes('authentication methods failed')) {
    return new SynapseError(
      `The SFTP server ${host} refuses the login of ${username}. Check the section [sftp://${host}] of ~/.synapseConfig.`,
      { ...options, code: 'SFTP_LOGIN' },
    );
  }
  if (/private ?key|passphrase/i.test(message)) {
    return new SynapseError(`The key for the SFTP server ${host} cannot be used: ${message}.`, {
      ...options,
      code: 'SFTP_LOGIN',
    });
  }
  const isBroken =
    code === connectionLost || /No response|Not connected|closed|reset/i.test(message);
  const isAnswer = typeof code === 'number' || message.includes('no matching');
  if (!isBroken && isAnswer) {
    return new SynapseError(`The SFTP server ${host} refuses: ${message}.`, {
      ...options,
      code: 'SFTP',
    });
  }
  return new NetworkError(`The connection to the SFTP server ${host} failed: ${message}.`, options);
}

/** Whether an error can come from the connection. A `TypeError` or `RangeError` is a bug. */
function isForeign(error: unknown): error is { message: string; code?: unknown } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    !(error instanceof TypeError) &&
    !(error instanceof RangeError)
  );
}

/** SFTP version 3, section 7. */
const connectionLost = 7;
