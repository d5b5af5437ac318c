import { describe, expect } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { ArgumentError } from '../../src/errors.js';
import { systemClock } from '../../src/net/clock.js';
import { getStsStorageToken } from '../../src/storages/s3/getStsStorageToken.js';
import { formatStsToken, type StsFormat } from '../../src/storages/s3/stsFormats.js';
import { createStorageState } from '../../src/storages/storageState.js';
import { outcomeOf, readVectors, testEach } from './readVectors.js';

interface Input {
  fn?: undefined;
  token: M.StsCredentials;
  uploadDestination: { bucket?: string; baseKey?: string };
  output_format: StsFormat;
  platform: string;
  env: Record<string, string>;
}
interface Value {
  output: unknown;
  cli: string;
}

const platforms: Record<string, NodeJS.Platform> = {
  Linux: 'linux',
  Darwin: 'darwin',
  Windows: 'win32',
};

function run({ token, uploadDestination, output_format, platform, env }: Input): unknown {
  return formatStsToken(token, output_format, uploadDestination, {
    platform: platforms[platform] ?? 'linux',
    variables: env,
    delimiter: ':',
  });
}

/**
 * What we write for lines that the Python client writes, by the first word of the line. The table for readers is
 * docs/departures.md.
 *
 * - What would be read as more than text within the quotation marks is escaped: whoever made the storage location
 *   chose the base key, and somebody else runs the commands.
 * - For cmd the quotation marks go around the whole assignment: after the equals sign they are part of the value.
 */
const departures: Record<string, (name: string, value: string) => string> = {
  export: (name, value) => `export ${name}="${value.replace(/([\\"$`])/g, '\\$1')}"`,
  $Env: (name, value) => `$Env:${name}="${value.replace(/(["$`“-„])/g, '`$1')}"`,
  set: (name, value) => `set "${name}=${value}"`,
};

function departed(recorded: unknown, { token, uploadDestination }: Input): unknown {
  if (typeof recorded !== 'string') return recorded;
  const write = departures[/^\$?\w+/.exec(recorded)?.[0] ?? ''];
  const { bucket, baseKey } = { ...uploadDestination, ...token };
  const values = [
    ['SYNAPSE_STS_S3_LOCATION', `s3://${bucket ?? ''}/${baseKey ?? ''}`],
    ['AWS_ACCESS_KEY_ID', token.accessKeyId ?? ''],
    ['AWS_SECRET_ACCESS_KEY', token.secretAccessKey ?? ''],
    ['AWS_SESSION_TOKEN', token.sessionToken ?? ''],
  ] as const;
  return values
    .filter(([name, value]) => recorded.includes(`${name}="${value}"`))
    .map(([name, value]) => `${write?.(name, value) ?? ''}\n`)
    .join('');
}

/** Values that no cmd can be given safely are refused. */
function isRefused(recorded: unknown, { token, uploadDestination }: Input): boolean {
  if (typeof recorded !== 'string' || !/^set /.test(recorded)) return false;
  const { accessKeyId, secretAccessKey, sessionToken } = token;
  const place = recorded.includes('SYNAPSE_STS_S3_LOCATION')
    ? [token.bucket ?? uploadDestination.bucket, token.baseKey ?? uploadDestination.baseKey]
    : [];
  const values = [accessKeyId, secretAccessKey, sessionToken, ...place];
  return values.some((value) => /["\r\n]/.test(value ?? ''));
}

describe('the forms of temporary credentials', () => {
  testEach(readVectors<Input, Value>('sts'), async ({ input, expected }) => {
    const outcome = await outcomeOf(() => run(input));
    if (expected.error !== undefined) {
      expect(outcome.error).toBeInstanceOf(ArgumentError);
      expect(outcome.error?.message).toMatch(/^Unrecognized output_format/);
      const asked = getStsStorageToken(
        { services: neverCalled, state: createStorageState(neverCalled.file, systemClock) },
        'syn1',
        { permission: 'read_only', outputFormat: input.output_format },
      );
      await expect(asked).rejects.toThrow(ArgumentError);
      return;
    }
    const { output, cli } = expected.value;
    if (isRefused(output, input)) {
      expect(outcome.error).toBeInstanceOf(ArgumentError);
      return;
    }
    expect(outcome.value).toEqual(departed(output, input));
    // Objects are printed as JSON, texts as they are.
    expect(outcome.value).toEqual(
      typeof output === 'string' ? departed(cli, input) : (JSON.parse(cli) as unknown),
    );
  });
});

const never = (): never => {
  throw new Error('A form that there is not is refused before any request');
};
const neverCalled = {
  entity: { getEntityStsCredentials: never },
  file: new Proxy({} as never, { get: never }),
};
