import { resolve } from 'node:path';
import { ArgumentError, fileSystemError } from '../../errors.js';
import { readInput } from '../../files/readInput.js';
import { safeName } from '../../files/safeName.js';
import { quoted } from '../../values/quoted.js';
import type { Lock, LockedFile } from './lockData.js';
import type { TreeNote } from './treeData.js';

/** Problems of a lock that a message lists. */
const mostListed = 100;

/**
 * Reads a lock from a file.
 *
 * @throws {@link FileSystemError} when the file cannot be read.
 * @throws {@link ArgumentError} that lists everything that is wrong with it.
 */
export async function readLock(path: string, signal?: AbortSignal): Promise<Lock> {
  const content = await readInput(path, signal).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw fileSystemError('Cannot read the lock', path, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw new ArgumentError(`${resolve(path)} is no lock: ${(cause as Error).message}.`, { cause });
  }
  return checkLock(value, path);
}

/**
 * Checks a lock, which may have been edited: a path in it must not lead out of the directory that it is restored in.
 *
 * @throws {@link ArgumentError} that lists everything that is wrong with it.
 */
export function checkLock(value: unknown, name = 'The lock'): Lock {
  const lock = isRecord(value) ? value : {};
  if (lock['format'] !== 'synapse-lock') {
    throw new ArgumentError(`${name} is no lock: it should be JSON with "format": "synapse-lock".`);
  }
  if (lock['version'] !== 1) {
    throw new ArgumentError(
      `${name} has version ${quoted(lock['version'])}, and this client reads version 1: use a newer client.`,
    );
  }
  const problems: string[] = [];
  const files = listOf(lock['files'], 'files', problems);
  files.forEach((file, index) => {
    for (const problem of problemsOf(file)) problems.push(`files[${index}]: ${problem}`);
  });
  // Only paths of files that are right can be compared.
  if (problems.length === 0) problems.push(...clashes(files as LockedFile[]));
  const roots = listOf(lock['roots'], 'roots', problems);
  const failures = listOf(lock['failures'] ?? [], 'failures', problems);
  if (problems.length === 0) {
    return {
      format: 'synapse-lock',
      version: 1,
      roots: roots.map(String),
      files: files as LockedFile[],
      ...(failures.length > 0 && { failures: failures as TreeNote[] }),
    };
  }
  const more = problems.length - mostListed;
  const shown = problems.slice(0, mostListed).concat(more > 0 ? [`and ${more} more`] : []);
  throw new ArgumentError(`${name} cannot be used:\n  ${shown.join('\n  ')}`);
}

function listOf(value: unknown, name: string, problems: string[]): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  problems.push(`"${name}" should be a list`);
  return [];
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** What each member of a file should be. */
const members: Readonly<Record<keyof LockedFile, readonly [check: Check, what: string]>> = {
  id: [(value) => typeof value === 'string' && /^syn\d{1,19}$/.test(value), 'a Synapse id'],
  version: [(value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a version from 1'],
  name: [isText, 'a name'],
  path: [isText, 'a path'],
  size: [
    optional((value) => Number.isSafeInteger(value) && Number(value) >= 0),
    'a number of bytes',
  ],
  md5: [optional((value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)), 'an MD5'],
  fileHandleId: [(value) => typeof value === 'string' && /^\d{1,19}$/.test(value), 'digits'],
  url: [optional(isText), 'a URL'],
};

function problemsOf(file: unknown): string[] {
  if (!isRecord(file)) return ['it should be an object'];
  const problems = Object.entries(members)
    .filter(([name, [check]]) => !check(file[name]))
    .map(([name, [, what]]) => `"${name}" should be ${what}, and is ${quoted(file[name])}`);
  const { path } = file;
  if (typeof path === 'string' && path !== '') problems.push(...pathProblems(path));
  return problems;
}

function pathProblems(path: string): string[] {
  return path.split('/').flatMap((segment) => {
    try {
      if (safeName(segment) === segment) return [];
      return [
        `the path ${quoted(path)} has a name that a local file must not have: ${quoted(segment)}`,
      ];
    } catch (error) {
      return [`the path ${quoted(path)}: ${(error as Error).message}`];
    }
  });
}

/** Two files at one path, and files in the place of directories. */
function clashes(files: readonly LockedFile[]): string[] {
  const problems: string[] = [];
  const ids = new Map<string, string>();
  for (const { id, path } of files) {
    const other = ids.get(path);
    if (other !== undefined) problems.push(`${id} and ${other} have the same path ${quoted(path)}`);
    ids.set(path, id);
  }
  for (const { id, path } of files) {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const above = names.slice(0, depth).join('/');
      const other = ids.get(above);
      if (other !== undefined) {
        problems.push(`${id} is in ${quoted(above)}, which is the path of the file ${other}`);
      }
    }
  }
  return problems;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
