import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig, readConfig } from '../../src/auth/config.js';
import { replaceSection, writeLogin } from '../../src/auth/writeConfig.js';
import { ConfigError, FileSystemError } from '../../src/errors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapseclient-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('a configuration file that cannot be used', () => {
  test.each([
    ['[default]\nusername=u\nauthtoken\n', 3, 'name=value'],
    ['authtoken=secret-token\n', 1, 'section'],
    ['[default]\n\n[cache]\n[default]\n', 4, '[default] occurs twice'],
    ['[default]\r\nauthtoken=a\r\n# note\r\nAuthToken=b\r\n', 4, 'authtoken occurs twice'],
    ['\ufeff[default]\n', 1, 'byte order mark'],
  ])('names the line: %j', (text, line, reason) => {
    const error = errorOf(() => parseConfig(text, '/home/me/.synapseConfig'));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ line, path: '/home/me/.synapseConfig' });
    expect(String(error)).toContain(`/home/me/.synapseConfig, line ${line}`);
    expect(String(error)).toContain(reason);
    expect(String(error)).not.toContain('secret-token');
  });

  test('is not UTF-8 or is a folder', async () => {
    const path = join(folder, 'latin1');
    await writeFile(path, Buffer.from([0x5b, 0xe9, 0x5d]));
    expect(errorOf(() => readConfig(path))).toBeInstanceOf(ConfigError);
    expect(errorOf(() => readConfig(folder))).toMatchObject({
      name: 'FileSystemError',
      code: 'EISDIR',
    });
  });

  test('is empty when it is not there', () => {
    const config = readConfig(join(folder, 'none', '.synapseConfig'));
    expect(config.profiles).toEqual([]);
    expect(config.login('default')).toBeUndefined();
  });
});

describe('what the sections mean', () => {
  const config = parseConfig(
    `[DEFAULT]
username = shared
[profile a b]
authtoken = t
[authentication]
authtoken = old
[cache]
location = ~/data/$PROJECT/\${MISSING}
[debug]
[endpoints]
repoEndpoint = http://localhost:1/repo/v1
[https://s3.example.org/bucket]
profile_name = lab
`,
    'config',
    { home: '/home/me', variables: { PROJECT: 'x1' } },
  );

  test('DEFAULT is inherited without being a profile', () => {
    expect(config.profiles).toEqual(['a b', 'authentication']);
    expect(config.login('a b')).toEqual({ profile: 'a b', username: 'shared', authToken: 't' });
    expect(config.hasProfile('cache')).toBe(false);
  });

  test('a profile that is not there falls back to the section of older clients', () => {
    expect(config.login('default')).toMatchObject({ profile: 'authentication', authToken: 'old' });
  });

  test('a number may stand on the next line', () => {
    expect(parseConfig('[transfer]\nmax_threads:\n  4\n', 'config').transfer().maxThreads).toBe(4);
  });

  test('every option is read', () => {
    expect(config.cacheLocation).toBe('/home/me/data/x1/${MISSING}');
    expect(config.debug).toBe(true);
    expect(config.endpoints).toEqual({ repo: 'http://localhost:1/repo/v1' });
    expect(config.awsProfile('https://s3.example.org', 'bucket')).toBe('lab');
    expect(config.awsProfile('https://s3.example.org', 'other')).toBe('default');
  });
});

describe('the AWS profile of a bucket', () => {
  const text = [
    '[https://s3.example.com/bkt]\nprofile_name=prof',
    '[https://s3.example.com/bkt2]\nprofile_name = second',
    '[https://S3.Example.com:443/upper/]\nprofile_name=upper',
    '[http://localhost:9000/bkt]\nprofile_name=local',
    '[https://minio.example.com/s3/bkt]\nprofile_name=below',
    '[https://minio.example.com/bkt]\nprofile_name=root',
    '[https://minio.example.com/other]\nprofile_name=other',
    '[https://s3.example.com/plain]\nregion=x',
    '[cache]\nprofile_name=none',
  ].join('\n');

  test.each([
    ['https://s3.example.com', 'bkt', 'prof'],
    ['https://s3.example.com/', 'bkt', 'prof'],
    ['https://S3.EXAMPLE.com', 'bkt', 'prof'],
    ['https://s3.example.com:443', 'bkt', 'prof'],
    ['https://s3.example.com', 'bkt2', 'second'],
    ['https://s3.example.com', 'upper', 'upper'],
    ['https://s3.example.com', 'bk', 'default'],
    ['https://s3.example.com', 'BKT', 'default'],
    ['http://s3.example.com', 'bkt', 'default'],
    ['https://s3.example.com:8443', 'bkt', 'default'],
    ['http://localhost:9000', 'bkt', 'local'],
    ['https://minio.example.com/s3', 'bkt', 'below'],
    ['https://minio.example.com/s3', 'other', 'other'],
    ['https://s3.example.com', 'plain', 'default'],
    ['not a URL', 'bkt', 'default'],
  ])('at %s, %s is %s', (endpoint, bucket, profile) => {
    expect(parseConfig(text, 'config').awsProfile(endpoint, bucket)).toBe(profile);
  });
});

describe('writing a login', () => {
  test('what is written can be read again', async () => {
    const home = await mkdtemp(join(folder, 'home-'));
    const path = join(home, '.synapseConfig');
    await writeLogin({ authToken: 'one' }, path);
    await writeLogin({ profile: 'dev', username: 'u', authToken: 'two' }, path);
    await writeLogin({ authToken: 'three' }, path);
    const config = readConfig(path);
    expect(config.login('default')?.authToken).toBe('three');
    expect(config.login('dev')).toEqual({ profile: 'dev', username: 'u', authToken: 'two' });
    expect((await readdir(home)).sort()).toEqual([
      '.synapseConfig',
      '.synapseConfig.backup',
      '.synapseConfig.backup2',
    ]);
  });

  test('a section is found whatever its indentation', () => {
    const existing = '  [default]\n  # see [1]\n  authtoken=a[b\n[cache]\nlocation=/x\n';
    const text = replaceSection(existing, 'default', '[default]\nauthtoken=n\n\n');
    expect(text).toBe('[default]\nauthtoken=n\n\n[cache]\nlocation=/x\n');
  });

  test('a link to the file stays a link', async () => {
    const home = await mkdtemp(join(folder, 'dotfiles-'));
    const [target, path] = [join(home, 'config'), join(home, '.synapseConfig')];
    await writeFile(target, '[cache]\nlocation=/x\n');
    await symlink(target, path);
    await writeLogin({ authToken: 't' }, path);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).toContain('authtoken=t');
  });

  test('a place that cannot be written is an error', async () => {
    const path = join(folder, 'a-file');
    await writeFile(path, 'x');
    const below = join(path, '.synapseConfig');
    await expect(writeLogin({ authToken: 'secret' }, below)).rejects.toThrow(FileSystemError);
    await expect(writeLogin({ authToken: 'secret' }, below)).rejects.toThrow(below);
    await expect(writeLogin({ authToken: 'secret' }, folder)).rejects.toMatchObject({
      code: 'EISDIR',
    });
    expect((await readdir(folder)).filter((name) => name.includes('backup'))).toEqual([]);
  });
});
