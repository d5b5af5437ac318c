import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';

/** Maximum length of a file name. */
const maxNameLength = limits.fileName;

/**
 * Checks the name of a file that the service stores. The rules are those for entity names.
 *
 * @throws 400 with the message of the service
 */
export function checkFileName(text: string): void {
  const name = text.trim();
  if (name === '') throw badRequest('Name cannot be only whitespace or empty string');
  if (name.length > maxNameLength) {
    throw badRequest(`Name length cannot be longer than ${maxNameLength} characters.`);
  }
  if (!/^[a-zA-Z0-9,_. \-+()']+$/.test(name)) {
    throw badRequest(
      `Invalid Name: '${name}'. Names may only contain: letters, numbers, spaces, underscores, ` +
        'hyphens, periods, plus signs, apostrophes, and parentheses',
    );
  }
}

/**
 * Key under which the service stores a file: `[baseKey/]<userId>/<uuid>/<fileName>`.
 *
 * A name of only dots is replaced, because clients remove such path segments from URLs.
 */
export function storageKey(options: {
  baseKey?: string;
  userId: number;
  uuid: string;
  fileName: string;
}): string {
  const base = options.baseKey ? `${options.baseKey}/` : '';
  const name = /^\.{1,2}$/.test(options.fileName) ? 'file' : options.fileName;
  return `${base}${options.userId}/${options.uuid}/${name}`;
}
