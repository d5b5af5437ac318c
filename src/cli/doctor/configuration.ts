import { readFile, stat } from 'node:fs/promises';
import { decodeConfig, parseConfig } from '../../auth/config.js';
import { parseIni, type IniSections } from '../../auth/iniFile.js';
import { fileSystemError, systemCode } from '../../errors.js';
import { nearestName } from '../../values/nearestName.js';
import { note, ok, problem, type Check, type Finding } from './check.js';
import { shellWord } from '../shellWord.js';

export const configuration: Check = {
  name: 'configuration',
  title: 'Configuration file',
  run: async ({ configPath, isConfigNamed }) => {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(configPath);
    } catch (error) {
      return [unreadable(configPath, { error, isConfigNamed })];
    }
    const findings = configFindings(bytes, configPath);
    const { mode } = await stat(configPath);
    const isPosix = process.platform !== 'win32';
    return isPosix ? [...findings, ...modeFindings(mode, bytes, configPath)] : findings;
  },
};

function unreadable(
  path: string,
  { error, isConfigNamed }: { error: unknown; isConfigNamed: boolean },
): Finding {
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return isConfigNamed
      ? problem(
          `${path} does not exist.`,
          'Correct --config-path, or make the file with `synapse config`.',
        )
      : ok(`There is no ${path}. It is optional.`, { path, exists: false });
  }
  const { message } = fileSystemError('Cannot read', path, error);
  const advice =
    code === 'EISDIR'
      ? `Move the folder away; a file belongs there.`
      : `Make yourself the owner of ${path}, or name another file with --config-path.`;
  return problem(message, advice);
}

interface SectionKind {
  names: RegExp;
  options: readonly string[];
  /** Options of older clients, which have no effect any more. */
  old?: readonly string[];
}

const loginOptions = {
  options: ['username', 'authtoken'],
  old: ['password', 'apikey', 'sessiontoken'],
};

/** What both clients read. */
const sectionKinds: readonly SectionKind[] = [
  { names: /^(?:default|authentication|profile .+)$/, ...loginOptions },
  {
    names: /^endpoints$/,
    options: ['repoendpoint', 'authendpoint', 'filehandleendpoint', 'portalendpoint'],
  },
  { names: /^cache$/, options: ['location'] },
  { names: /^debug$/, options: [] },
  { names: /^transfer$/, options: ['max_threads', 'use_boto_sts'] },
  {
    names: /^s?ftp:\/\//,
    options: ['username', 'password', 'private_key', 'host_key', 'known_hosts'],
  },
  { names: /^https?:\/\//, options: ['profile_name'] },
];

const sectionNames = ['default', 'authentication', 'endpoints', 'cache', 'debug', 'transfer'];

/** What is wrong in the file, and last what it has. */
export function configFindings(bytes: Uint8Array, path: string): Finding[] {
  let sections: IniSections;
  try {
    const text = decodeConfig(bytes, path);
    sections = parseIni(text, path);
    parseConfig(text, path).transfer();
  } catch (error) {
    const advice =
      'Correct that line. No command works before, unless --config-path names another file.';
    return [problem((error as Error).message, advice)];
  }
  const found = [...sections].flatMap(([name, options]) => sectionFindings(name, options, path));
  const names = [...sections.keys()].map((name) => `[${name}]`).join(' ');
  return [
    ok(`${path}${names === '' ? ', without any section' : ` with ${names}`}`, {
      path,
      exists: true,
    }),
    ...found,
  ];
}

function sectionFindings(
  name: string,
  options: ReadonlyMap<string, string>,
  path: string,
): Finding[] {
  const kind = sectionKinds.find(({ names }) => names.test(name));
  if (kind === undefined) {
    const nearest = nearestName(name, sectionNames);
    return [
      note(
        `[${name}] in ${path} is not a section that this client reads.`,
        nearest === undefined
          ? 'For a login, name the section [default] or [profile NAME].'
          : `Did you mean [${nearest}]?`,
      ),
    ];
  }
  return [...options].flatMap(([option, value]) => {
    if (option === 'authtoken') return tokenFindings(value, name, path);
    if (kind.options.includes(option)) return [];
    if (kind.old?.includes(option) === true) {
      return note(
        `${option} in [${name}] of ${path} is of an old client, and is not used.`,
        'Remove the line, because it is a secret, and add a line authtoken=... with a personal access token.',
      );
    }
    const nearest = nearestName(option, kind.options);
    return note(
      `${option} in [${name}] of ${path} has no effect.`,
      nearest === undefined ? 'Remove the line.' : `Did you mean ${nearest}?`,
    );
  });
}

function tokenFindings(token: string, section: string, path: string): Finding[] {
  const where = `The authtoken in [${section}] of ${path}`;
  const advice =
    'Write the personal access token itself after authtoken=, or run `synapse config`.';
  if (token.trim() === '') return [problem(`${where} is empty.`, advice)];
  if (/^["'].*["']$/.test(token)) {
    return [problem(`${where} is in quotes, which would be sent as a part of it.`, advice)];
  }
  if (/^<.*>$|\s/.test(token)) return [problem(`${where} is not a token.`, advice)];
  return [];
}

const secretOption = /^[ \t]*(?:authtoken|password|apikey)[ \t]*[=:]/im;

/** Who else can use the file. @param mode - Its permissions on a POSIX system. */
export function modeFindings(mode: number, bytes: Uint8Array, path: string): Finding[] {
  const permissions = (mode & 0o777).toString(8).padStart(4, '0');
  const advice = `Run: chmod 600 ${shellWord(path)}`;
  if ((mode & 0o022) !== 0) {
    return [problem(`Other users of this machine can change ${path} (${permissions}).`, advice)];
  }
  const hasSecret = secretOption.test(Buffer.from(bytes).toString('latin1'));
  return (mode & 0o044) !== 0 && hasSecret
    ? [
        problem(
          `Other users of this machine can read the secrets in ${path} (${permissions}).`,
          advice,
        ),
      ]
    : [];
}
