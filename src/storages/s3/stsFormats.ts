import { delimiter } from 'node:path';
import type * as M from '../../../generated/models.js';
import { ArgumentError } from '../../errors.js';

/** Names of arguments as `boto3.client('s3', ...)` of Python takes them. */
export interface BotoCredentials {
  aws_access_key_id: string | undefined;
  aws_secret_access_key: string | undefined;
  aws_session_token: string | undefined;
}

/**
 * What a `credential_process` of the AWS configuration file answers.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export interface ProcessCredentials {
  Version: 1;
  AccessKeyId: string | undefined;
  SecretAccessKey: string | undefined;
  SessionToken: string | undefined;
  /** When they expire, as an ISO date. */
  Expiration: string | undefined;
}

/** The forms in which temporary credentials are given out. */
export interface StsOutputs {
  /** As Synapse gives them. */
  json: M.StsCredentials;
  boto: BotoCredentials;
  credential_process: ProcessCredentials;
  /** Commands for the shell that this seems to run in: bash, or on Windows cmd or PowerShell. */
  shell: string;
  bash: string;
  cmd: string;
  powershell: string;
}

export type StsFormat = keyof StsOutputs;

/** The names of all forms. */
export const stsFormats = [
  'json',
  'boto',
  'credential_process',
  'shell',
  'bash',
  'cmd',
  'powershell',
] as const satisfies readonly StsFormat[];

/** Where the commands will be run. */
export interface ShellEnvironment {
  platform: NodeJS.Platform;
  variables: Readonly<Record<string, string | undefined>>;
  /** What separates the folders of a path variable. */
  delimiter: string;
}

const thisEnvironment: ShellEnvironment = {
  platform: process.platform,
  variables: process.env,
  delimiter,
};

/** Where in S3 the files are; the line that says so is left out unless both are known. */
export interface StsPlace {
  bucket?: string | undefined;
  baseKey?: string | undefined;
}

type Shell = 'bash' | 'cmd' | 'powershell';

/** @throws {@link ArgumentError} for a form that there is not. */
export function requireStsFormat(format: StsFormat): void {
  if (stsFormats.includes(format)) return;
  throw new ArgumentError(
    `Unrecognized output_format ${format}: use one of ${stsFormats.join(', ')}.`,
  );
}

/** Whether a form names the place of the files besides the credentials. */
export function isShellFormat(format: StsFormat): boolean {
  return format === 'shell' || format === 'bash' || format === 'cmd' || format === 'powershell';
}

/**
 * Writes temporary credentials in one of the forms.
 *
 * @param place - For what the credentials do not say themselves.
 * @throws {@link ArgumentError} for a form that there is not, and for a value that `cmd` cannot be given safely.
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

/** Fewer modules than that are on the path of a cmd, which inherits what the system sets. */
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

// Whoever made the storage location chose the bucket and the base key, and somebody else runs these commands.
const assign: Record<Shell, (name: string, value: string) => string> = {
  bash: (name, value) => `export ${name}="${value.replace(/[\\"$`]/g, '\\$&')}"`,
  // PowerShell ends a string at typographic quotes too.
  powershell: (name, value) => `$Env:${name}="${value.replace(/["$`\u201c-\u201e]/g, '`$&')}"`,
  cmd: (name, value) => {
    // There is no way to write these so that no text after them is a command.
    if (/["\r\n]/.test(value)) {
      throw new ArgumentError(
        `${name} holds a quotation mark or a line break, which cmd cannot be given safely. Use the form json.`,
      );
    }
    // With the quotation marks after the equals sign they would be part of the value.
    return `set "${name}=${value}"`;
  },
};
