import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ArgumentError } from '../../src/errors.js';
import { guessContentType } from '../../src/transfer/contentType.js';
import { writeLogin } from '../../src/auth/writeConfig.js';
import { writeLocalConfig } from '../../src/cli/writeLocalConfig.js';
import { uniquePath } from '../../src/transfer/collision.js';
import { chooseDownloadPath, partialPaths } from '../../src/transfer/downloadPath.js';
import { expandPath } from '../../src/files/expandPath.js';
import { safeName } from '../../src/files/safeName.js';
import { temporaryPath } from '../../src/files/temporaryPath.js';
import { withTempDir } from '../helpers/tempDir.js';

/** Made of what has broken others: separators, dots, devices, control characters, long and odd ones. */
const hostileName = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        'C:',
        '\0',
        '\r',
        '\n',
        '\u001b[31m',
        '\u001b]0;x\u0007',
      ),
      fc.constantFrom(
        'con',
        'NUL',
        'com1',
        ' ',
        '~',
        '$HOME',
        '\u202e',
        '\u2028',
        'é',
        'e\u0301',
        '数',
      ),
      fc.constantFrom('%2e%2e%2f', '\u0085', '\u009b', '\ud800', ':', '*', '|', '"', '<'),
      fc.string({ unit: 'binary', maxLength: 300 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

const unprintable = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/;

/** What is wrong with what became of a name; nothing when it was refused, or is fine. */
function problemOf(name: string, platform: 'linux' | 'win32'): string | undefined {
  let safe: string;
  try {
    safe = safeName(name, platform);
  } catch (error) {
    if (!(error instanceof ArgumentError)) return 'refused with another error';
    return unprintable.test(error.message) ? 'refused in words that cannot be printed' : undefined;
  }
  if (dirname(resolve('/folder', safe)) !== '/folder') return 'leaves its folder';
  if (basename(join('/folder', safe)) !== safe || /[/\\]/.test(safe)) return 'is more than a name';
  if (unprintable.test(safe)) return 'cannot be printed';
  if (Buffer.byteLength(safe) > 255) return 'is too long';
  return platform === 'win32' && /[<>:"|?*]|[. ]$/.test(safe) ? 'is illegal' : undefined;
}

describe('a name from a server', () => {
  test.each(['linux', 'win32'] as const)(
    'stays in its folder in a printable form (%s)',
    (platform) => {
      fc.assert(
        fc.property(hostileName, (name) => problemOf(name, platform) === undefined),
        { numRuns: 5_000, seed: 20_260_601 },
      );
    },
  );

  test.each([
    ['a.txt', 'a.txt'],
    ['é 数 (1).txt', 'é 数 (1).txt'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['a\\b', 'a_b'],
    ['a\u001b[2Jb\r\n', 'a_[2Jb__'],
    ['nul', 'nul'],
    ['in\u200bvis\u2060ib\ufeffle', 'in_vis_ib_le'],
    ['turned\u202egpj.exe', 'turned_gpj.exe'],
    ['isolated\u2066x\u2069', 'isolated_x_'],
    ['marks\u200e\u200f\u061c', 'marks___'],
    ['tags\u{e0041}\u{e007f}', 'tags__'],
    ['a\ufe0fb\u{e0100}', 'a_b_'],
    ['soft\u00adhyphen\u034f\u3164', 'soft_hyphen__'],
    ['line\u2028paragraph\u2029', 'line_paragraph_'],
    ['half\ud800', 'half_'],
    ['zero\u200cwidth\u200djoiners', 'zero_width_joiners'],
    // Parts of what can be seen.
    ['❤\ufe0f 👩\u200d🔬 1\ufe0f\u20e3.txt', '❤\ufe0f 👩\u200d🔬 1\ufe0f\u20e3.txt'],
    ['می\u200cخواهم.txt', 'می\u200cخواهم.txt'],
    ['trailing. ', 'trailing. '],
  ])('%j becomes %j', (name, safe) => {
    expect(safeName(name, 'linux')).toBe(safe);
  });

  test.each(['', '.', '..', 'x'.repeat(256), '数'.repeat(86)])('%j cannot be used', (name) => {
    expect(() => safeName(name, 'linux')).toThrow(ArgumentError);
  });

  test.each(['nul', 'NUL.txt', 'Com1', 'lpt9.tar.gz', 'a.', 'a ', 'conin$'])(
    '%j cannot be used on Windows',
    (name) => {
      expect(() => safeName(name, 'win32')).toThrow(ArgumentError);
    },
  );

  test('of a million characters makes a short message', () => {
    expect(() => safeName('x'.repeat(1_000_000))).toThrow(/^.{0,500}$/);
  });

  test('never leads a download out of its folder', async () => {
    const path = await chooseDownloadPath({
      location: '/data',
      fileName: '../../etc/passwd',
      cacheDirectory: '/cache/1/1',
      exists: () => false,
    });
    expect(path).toBe(resolve('/data', '.._.._etc_passwd'));
  });
});

test.each([
  ['~/x', '/home/alice/x'],
  ['~', '/home/alice'],
  ['~bob/x', '~bob/x'],
  ['a~', 'a~'],
  ['$DATA/x', '/data/x'],
  ['${DATA}x$NONE', '/datax$NONE'],
])('%s is expanded to %s', (path, expanded) => {
  expect(expandPath(path, { home: '/home/alice', variables: { DATA: '/data' } })).toBe(expanded);
});

test.each([
  ['x.vcf.gz', 'text/tab-separated-values'],
  ['x.fa', 'application/octet-stream'],
  ['x.tgz', 'application/x-tar'],
  ['x.ipynb', 'application/octet-stream'],
  ['x.log', 'application/octet-stream'],
  ['x.tsv', 'text/tab-separated-values'],
  ['X.JPG', 'image/jpeg'],
  ['.gz', 'application/octet-stream'],
  ['folder.d/x', 'application/octet-stream'],
])('the type of %s is %s', async (name, type) => {
  expect(await guessContentType(name)).toBe(type);
});

/** A name of so many bytes, of characters with one to four bytes. */
const longName = fc
  .tuple(fc.constantFrom('n', 'é', '数', '😀'), fc.integer({ min: 1, max: 255 }), fc.boolean())
  .map(([character, bytes, hasExtension]) => {
    const end = hasExtension && bytes > 4 ? '.txt' : '';
    const count = Math.floor((bytes - end.length) / Buffer.byteLength(character));
    return `${character.repeat(count)}${'n'.repeat(bytes - end.length - count * Buffer.byteLength(character))}${end}`;
  });

describe('a name that is made from a file name', () => {
  test('is never longer than file systems allow', async () => {
    await fc.assert(
      fc.asyncProperty(longName, async (name) => {
        const path = join('/folder', name);
        const { part, journal } = partialPaths(path, '12345678901');
        const taken = new Set([path]);
        for (let count = 0; count < 12; count += 1) {
          taken.add(await uniquePath(path, (each) => taken.has(each)));
        }
        const made = [temporaryPath(path), temporaryPath(part), temporaryPath(journal), ...taken];
        for (const each of made) {
          expect(dirname(each)).toBe('/folder');
          expect(Buffer.byteLength(basename(each))).toBeLessThanOrEqual(255);
          expect(each).not.toContain('\ufffd');
        }
        expect(new Set(made).size).toBe(16);
      }),
    );
  });

  test.each([
    `.${'x'.repeat(254)}`,
    `name.${'x'.repeat(250)}`,
    `${'数'.repeat(84)}.😀`,
    `a.${'é'.repeat(126)}`,
  ])('differs from the taken one, whatever its extension: %#', async (name) => {
    const first = await uniquePath(`/folder/${name}`, (each) => basename(each) === name);
    expect(basename(first)).toMatch(/\(1\)/);
    expect(Buffer.byteLength(basename(first))).toBeLessThanOrEqual(255);
    expect(Buffer.from(first).toString()).toBe(first);
  });

  test('is not that of a map of the cache', async () => {
    for (const name of ['.cacheMap', `.cacheMap${'x'.repeat(246)}`]) {
      const cacheDirectory = '/cache/1/1';
      const path = await chooseDownloadPath({
        fileName: name,
        cacheDirectory,
        exists: () => false,
      });
      expect(basename(path ?? '')).toMatch(/^_/);
      expect(Buffer.byteLength(basename(path ?? ''))).toBeLessThanOrEqual(255);
    }
  });

  test('is no obstacle to a configuration file with a long name', () =>
    withTempDir(async (directory) => {
      const path = join(directory, 'c'.repeat(255));
      await writeLogin({ username: 'me', authToken: 'one' }, path);
      const { backup = '' } = await writeLogin({ username: 'me', authToken: 'two' }, path);
      expect(await readFile(path, 'utf8')).toContain('authtoken=two');
      expect(await readFile(backup, 'utf8')).toContain('authtoken=one');
      expect(await readdir(directory)).toHaveLength(2);
    }));

  test('is no obstacle to a configuration file of the local server', () =>
    withTempDir(async (directory) => {
      const endpoint = 'http://127.0.0.1:1';
      const local = { repoEndpoint: '', authEndpoint: '', fileHandleEndpoint: '', endpoint };
      const path = join(directory, 'é'.repeat(127));
      await writeLocalConfig(path, { ...local, userName: 'me', authToken: 'token' });
      expect(await readdir(directory)).toEqual(['é'.repeat(127)]);
    }));
});
