import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandDirectory } from './commandData.js';

/**
 * Loads a part of the built command line that is found at run time, or that is built apart.
 *
 * @param root - The directory of the executable.
 * @param name - The file, without its ending.
 */
export function importBuilt(root: string, name: string): Promise<unknown> {
  return import(pathToFileURL(join(commandDirectory(root), `${name}.js`)).href);
}
