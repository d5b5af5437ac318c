import { constants } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { fileSystemError } from '../errors.js';
import { withSuffix } from '../files/temporaryPath.js';
import { decodeConfig, defaultConfigPath, sectionOf } from './config.js';

/** A login to write to the configuration file. */
export interface ProfileLogin {
  /** @default 'default' */
  profile?: string;
  username?: string;
  authToken: string;
}

/** The result of writing the configuration file. */
export interface WrittenConfig {
  path: string;
  /** A copy of the previous file; absent when there was none. */
  backup?: string;
}

/** The first lines of a new file. */
export const configTemplate = `# Settings of the Synapse clients. Lines that begin with # are comments.
#
# Each login has its own section: [default], or [profile NAME] for a login that is selected by name.
# Make a token at https://www.synapse.org/Profile:v/settings (Personal Access Tokens).
#[default]
#username=
#authtoken=
#
# Where downloaded files are kept.
#[cache]
#location=~/.synapseCache
#
# Number of file parts that are transferred concurrently.
#[transfer]
#max_threads=16`;

/** The text of a profile's section. */
export function loginSection({ profile, username, authToken }: ProfileLogin): string {
  const user = username ? `username=${username}\n` : '';
  return `[${sectionOf(profile || 'default')}]\n${user}authtoken=${authToken}\n\n`;
}

/**
 * Inserts a section into the text of a configuration file: it replaces the section of that profile, or becomes the first
 * section. Line endings become those of the section.
 */
export function replaceSection(text: string, profile: string, section: string): string {
  const names = [sectionOf(profile), ...(profile === 'authentication' ? [profile] : [])];
  const lines = text.replace(/\r\n?/g, '\n').split(/(?<=\n)/);
  const isHeader = (line: string): boolean => /^\s*\[.+\]/.test(line);
  const first = lines.findIndex((line) =>
    names.some((name) => line.trimStart().startsWith(`[${name}]`)),
  );
  if (first < 0) return `${section}\n\n${lines.join('')}`;
  const length = lines.slice(first + 1).findIndex(isHeader);
  const rest = length < 0 ? [] : lines.slice(first + 1 + length);
  return [...lines.slice(0, first), section, ...rest].join('');
}

/** The text of a new configuration file. */
function newConfig(section: string): string {
  return `${configTemplate}\n\n${section.trim()}\n`;
}

/**
 * Writes a login to the configuration file, readable only by its owner. An existing file is first copied to `.backup`,
 * `.backup2` and so on. Several processes may do this at the same time: each adds its section to what the others wrote.
 *
 * @throws {@link FileSystemError} when the file cannot be written; it is then unchanged.
 */
export async function writeLogin(
  login: ProfileLogin,
  path: string = defaultConfigPath(),
): Promise<WrittenConfig> {
  const profile = login.profile || 'default';
  const section = loginSection(login);
  let backup: string | undefined;
  const { replaceFile } = await import('../files/replaceFile.js');
  try {
    await replaceFile(path, async (content) => {
      if (content === undefined) return newConfig(section);
      const existing = decodeConfig(content, path);
      backup ??= await backUp(path);
      return replaceSection(existing, profile, section);
    });
    return { path, ...(backup !== undefined && { backup }) };
  } catch (cause) {
    throw fileSystemError('Cannot write the configuration file', path, cause);
  }
}

async function backUp(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const backup = withSuffix(path, `.backup${number === 1 ? '' : number}`);
    try {
      await copyFile(path, backup, constants.COPYFILE_EXCL);
      // The backup contains a token, too.
      await chmod(backup, 0o600);
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
