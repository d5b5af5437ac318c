import { delimiter } from 'node:path';
import type * as M from '../../../generated/models.js';
import { ArgumentError } from '../../errors.js';

/** The argument names of `boto3.client('s3', ...)` in Python. */
export interface BotoCredentials {
  aws_access_key_id: string | undefined;
  aws_secret_access_key: string | undefined;
  aws_session_token: string | undefined;
}

/**
 * The output of a `credential_process` of the AWS configuration file.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export interface ProcessCredentials {
  Version: 1;
  AccessKeyId: string | undefined;
  SecretAccessKey: string | undefined;
  SessionToken: string | undefined;
  /** The expiration time, as an ISO date. */
  Expiration: string | undefined;
}

/** The output formats for temporary credentials. */
export interface StsOutputs {
  /** The response of Synapse. */
  json: M.StsCredentials;
  boto: BotoCredentials;
  credential_process: ProcessCredentials;
  /** Commands for the detected shell: bash, or on Windows cmd or PowerShell. */
  shell: string;
  bash: string;
  cmd: string;
  powershell: string;
}

export type StsFormat = keyof StsOutputs;

/** The names of all formats. */
export const stsFormats = [
  'json',
  'boto',
  'credential_process',
  'shell',
  'bash',
  'cmd',
  'powershell',
] as const satisfies readonly StsFormat[];

/** The environment in which the commands run. */
export interface ShellEnvironment {
  platform: NodeJS.Platform;
  variables: Readonly<Record<string, string | undefined>>;
  /** The separator in a path variable. */
  delimiter: string;
}

const thisEnvironment: ShellEnvironment = {
  platform: process.platform,
  variables: process.env,
  delimiter,
};

/** The location of the files in S3. Its line is omitted unless both are known. */
export interface StsPlace {
  bucket?: string | undefined;
  baseKey?: string | undefined;
}

type Shell = 'bash' | 'cmd' | 'powershell';

/** @throws {@link ArgumentError} for an unknown format. */
export function requireStsFormat(format: StsFormat): void {
  if (stsFormats.includes(format)) return;
  throw new ArgumentError(
    `Unrecognized output_format ${format}: use one of ${stsFormats.join(', ')}.`,
  );
}

/** Whether a format contains the location of the files in addition to the credentials. */
export function isShellFormat(format: StsFormat): boolean {
  return format === 'shell' || format === 'bash' || format === 'cmd' || format === 'powershell';
}

/**
 * Formats temporary credentials.
 *
 * @param place - The location, for formats that contain it.
 * @throws {@link ArgumentError} for an unknown format, and for a value that cannot be quoted for `cmd`.
 */
export function formatStsToken<F extends StsFormat>(
  token: M.StsCredentials,
  format: F,
  place: StsPlace = {},
  environment: ShellEnvironment = thisEnvironment,
): StsOutputs[F] {
  requireStsFormat(format);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = token;
  const inShell = (shell: Shell) => (): string => shellCommands(token, place, shell);
  const outputs: { [K in StsFormat]: () => StsOutputs[K] } = {
    json: () => token,
    boto: () => ({
      aws_access_key_id: accessKeyId,
      aws_secret_access_key: secretAccessKey,
      aws_session_token: sessionToken,
    }),
    credential_process: () => ({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    }),
    shell: inShell(findShell(environment)),
    bash: inShell('bash'),
    cmd: inShell('cmd'),
    powershell: inShell('powershell'),
  };
  return outputs[format]();
}

/** In cmd, the path has fewer modules than this, because it only inherits the system setting. */
const powershellModulePaths = 3;

function findShell({ platform, variables, delimiter }: ShellEnvironment): Shell {
  if (platform !== 'win32' || variables['SHELL']?.includes('bash') === true) return 'bash';
  const modulePath = variables['PSModulePath'] ?? '';
  return modulePath.split(delimiter).length >= powershellModulePaths ? 'powershell' : 'cmd';
}

function shellCommands(token: M.StsCredentials, place: StsPlace, shell: Shell): string {
  const bucket = token.bucket ?? place.bucket;
  const baseKey = token.baseKey ?? place.baseKey;
  const isKnown = bucket !== undefined && baseKey !== undefined;
  const variables: [name: string, value: string | undefined][] = [
    ['SYNAPSE_STS_S3_LOCATION', isKnown ? `s3://${bucket}/${baseKey}` : undefined],
    ['AWS_ACCESS_KEY_ID', token.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', token.secretAccessKey],
    ['AWS_SESSION_TOKEN', token.sessionToken],
  ];
  return variables
    .flatMap(([name, value]) => (value === undefined ? [] : [`${assign[shell](name, value)}\n`]))
    .join('');
}

// The values must be quoted: the creator of the storage location chooses the bucket and the base key, and another user runs the
// commands.
const assign: Record<Shell, (name: string, value: string) => string> = {
  bash: (name, value) => `export ${name}="${value.replace(/[\\"$`]/g, '\\$&')}"`,
  // PowerShell also ends a string at typographic quotes.
  powershell: (name, value) => `$Env:${name}="${value.replace(/["$`\u201c-\u201e]/g, '`$&')}"`,
  cmd: (name, value) => {
    // cmd cannot quote these: the text after them could run as a command.
    if (/["\r\n]/.test(value)) {
      throw new ArgumentError(
        `${name} contains a quotation mark or a line break, which cmd cannot quote. Use the format json.`,
      );
    }
    // If the quotation marks came after the equals sign, they would be part of the value.
    return `set "${name}=${value}"`;
  },
};
