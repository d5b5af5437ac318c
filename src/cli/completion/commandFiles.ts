import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandIndex, CommandShape } from './commandShape.js';

/** Reads what the build has written about the commands. @param folder - `dist/cli` */
export function commandFiles(folder: string): {
  index: CommandIndex;
  command: (id: string) => CommandShape | undefined;
} {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const index = read('index.json') as CommandIndex;
  return {
    index,
    command: (id) =>
      Object.hasOwn(index.commands, id)
        ? (read(`commands/${id.replaceAll(':', '/')}.json`) as CommandShape)
        : undefined,
  };
}
