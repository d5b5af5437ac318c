import { Args, Flags } from '@oclif/core';
import type * as M from '../../../generated/models.js';
import type { SkippedLink, Synapse, WalkStep } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { contentSizes } from '../contentSizes.js';
import { printable } from '../printable.js';
import { isReaderGone } from '../standardStreams.js';
import { terminalColumns } from '../terminalColumns.js';
import { TreeJson } from '../treeJson.js';
import { TreeText, TreeTotals } from '../treeText.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';
import { idsFlag } from '../flags.js';

/** Files whose sizes are looked up at the same time. */
const batchSize = 100;

export default class Tree extends BaseCommand {
  static override summary = 'Show a project or folder, and everything in it, as a tree.';

  static override description =
    'Prints one line per entity: name, id and type. Projects and folders end in /. The last line counts what was listed. ' +
    'With --json, prints the tree as nested objects. Times are in UTC.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --depth 2 --long',
    '<%= config.bin %> <%= command.id %> syn123 --include-types file --include-types table --json',
  ];

  static override args = {
    id: ofKind(
      'container',
      Args.string({ description: 'Synapse id or path of a project or folder.', required: true }),
    ),
  };

  static override flags = {
    depth: Flags.integer({
      char: 'L',
      min: 1,
      description: 'Levels to print: with 1, only what is directly in it. Default: all.',
      helpValue: '<number>',
    }),
    long: Flags.boolean({
      char: 'l',
      description:
        'Also print the version, the size of files and the time of the last change. Looks up the size of each file.',
    }),
    'include-types': Flags.string({
      aliases: ['includeTypes'],
      multiple: true,
      delimiter: ',',
      description:
        'Types to print, such as file, table or link; can be repeated. Folders are always printed. Default: all.',
      helpValue: '<type>',
    }),
    'follow-link': Flags.boolean({
      aliases: ['followLink'],
      description:
        'Print what links lead to in their place, also the content of folders. The sum of sizes does not count what is reached through a link to a file.',
    }),
    ids: { ...idsFlag.ids, exclusive: ['json', 'fields', 'jq', 'ndjson', 'long'] },
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Tree);
    const { childTypes, isContainer } = await import('../../index.js');
    const includeTypes = flags['include-types']?.map((name) => {
      const type = childTypes.find((each) => each === name);
      if (type !== undefined) return type;
      throw usageError(
        `--include-types: ${printable(name)} is not one of ${childTypes.join(', ')}.`,
      );
    });
    const { id } = args;
    const { versionOf } = await import('../../values/ids.js');
    versionOf(id, undefined);
    const syn = await this.connect(flags, { anonymous: true });
    const { signal } = this;
    const top = await syn.services.entity.getEntityHeader({ id }, { signal });
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    checkAnswer('entity.getEntityHeader', top);
    if (!isContainer(top) && !flags['follow-link']) throw notContainer(top);
    const maxDepth = (flags.depth ?? Infinity) - 1;
    const steps = syn.walk(id, {
      includeTypes,
      maxDepth,
      followLinks: flags['follow-link'],
      includeSumFileSizes: true,
      signal,
      onSkippedLink: (link) => this.#reportLink(link),
    });
    if (flags.ids) return this.#printIds(steps, top.id);
    return this.#print(syn, steps, top, { long: flags.long, maxDepth });
  }

  async #print(
    syn: Synapse,
    steps: AsyncIterable<WalkStep>,
    top: M.EntityHeader,
    { long, maxDepth }: { long: boolean; maxDepth: number },
  ): Promise<unknown> {
    const text = new TreeText(top, maxDepth);
    const json = this.jsonEnabled() ? new TreeJson(top, maxDepth) : undefined;
    const totals = new TreeTotals(maxDepth);
    const available = terminalColumns();
    for await (const step of steps) {
      totals.add(step);
      const sizes = new Map<string, number>();
      for (let start = 0; long && start < step.files.length; start += batchSize) {
        const batch = step.files.slice(start, start + batchSize);
        const found = await contentSizes(syn, batch, { signal: this.signal });
        found.forEach((size, id) => sizes.set(id, size));
      }
      json?.add(step, sizes);
      if (json === undefined) {
        for (const line of text.lines(step, { long, sizes, available })) this.log(line);
      }
      if (isReaderGone()) break;
    }
    if (json === undefined) this.log(`\n${String(totals)}`);
    return json && { ...json.top, totals: totals.toJSON() };
  }

  async #printIds(steps: AsyncIterable<WalkStep>, top: string): Promise<void> {
    this.log(top);
    for await (const { files, folders } of steps) {
      for (const { id } of [...files, ...folders]) this.log(id);
      if (isReaderGone()) break;
    }
  }

  #reportLink(link: SkippedLink): void {
    const { id, path, reason } = link;
    this.notice(`not followed: ${printable(path)} (${id}): ${reason}`, {
      kind: 'left-out',
      ...link,
    });
  }
}

function notContainer({ id, name, type }: M.EntityHeader): Error {
  const isLink = type.endsWith('.Link');
  const remedy = isLink ? 'add --follow-link to print its target' : `see \`synapse show ${id}\``;
  return usageError(`${id} (${printable(name)}) is not a project or folder: ${remedy}.`);
}
