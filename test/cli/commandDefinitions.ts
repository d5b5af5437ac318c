import { join } from 'node:path';
import {
  readCommandData,
  readCommandIndex,
  type CommandData,
  type CommandEntry,
} from '../../src/cli/commandData.js';

const root = join(import.meta.dirname, '../../bin');

/** The definitions of all built commands, by id. */
export function commandDefinitions(): Record<string, CommandEntry & CommandData> {
  const { commands } = readCommandIndex(root);
  return Object.fromEntries(
    Object.entries(commands).map(([id, entry]) => [id, { ...entry, ...readCommandData(root, id) }]),
  );
}
