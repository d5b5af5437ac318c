import { Flags } from '@oclif/core';
import { BaseCommand } from './baseCommand.js';
import { manyEntityIds, versionFlag } from './flags.js';
import { jsonById } from './jsonById.js';
import { ofKind } from './valueKind.js';
import { writeResult } from './writeResult.js';

/** The arguments of a {@link JsonByIdCommand}. */
export const jsonByIdArgs = { id: manyEntityIds.arg };

/** The flags of a {@link JsonByIdCommand}. */
export const jsonByIdFlags = {
  id: manyEntityIds.flag,
  ...versionFlag,
  output: ofKind(
    'file',
    Flags.string({
      char: 'o',
      description: 'Write to this file instead of standard output.',
      helpValue: '[file]',
    }),
  ),
};

/** What a command has read of an entity. */
export interface ReadEntity<R> {
  /** The result of the command. */
  result: R;
  /** Its text. */
  json: string;
}

/** Base of the commands that print the JSON of one entity, or of several as an object whose keys are the ids. */
export abstract class JsonByIdCommand extends BaseCommand {
  /**
   * Reads each entity, and writes what was read, also when others fail.
   *
   * @param output - A file, or `STDOUT`.
   */
  protected async writeEach<R>(
    ids: readonly string[],
    output: string,
    read: (id: string) => Promise<ReadEntity<R>>,
  ): Promise<R | R[]> {
    const isOne = this.isOne(ids);
    const texts = new Map<string, string>();
    try {
      return await this.forEachId(ids, 'read', async (id) => {
        const { result, json } = await read(id);
        texts.set(id, json);
        return result;
      });
    } finally {
      if (texts.size > 0 || !isOne) await this.#write(jsonById(texts, isOne), output);
    }
  }

  async #write(json: string, output: string): Promise<void> {
    if (output === 'STDOUT') this.logJsonText(json);
    else await writeResult(output, `${json}\n`);
  }
}
