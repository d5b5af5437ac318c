import type { WikiTree } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg, idsFlag } from '../../flags.js';
import { printableName } from '../../printable.js';

export default class WikiList extends BaseCommand {
  static override summary = 'List the pages of a wiki.';

  static override description =
    'Prints one line per page: id and title. Pages are in the order of the website, and those below another page are indented.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123'];

  static override args = { id: entityArg };

  static override flags = idsFlag;

  async run(): Promise<WikiTree> {
    const { args, flags } = await this.parse(WikiList);
    const syn = await this.connect(flags, { anonymous: true });
    const tree = await syn.wiki.tree(args.id, { signal: this.signal });
    // Not recursive: a wiki can be deeper than the stack.
    const pending = [{ page: tree, depth: 0 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { page, depth } = next;
      this.logId(
        flags,
        page.id,
        `${'  '.repeat(depth)}${page.id}  ${printableName(page.title ?? '')}`,
      );
      const below = page.children.map((child) => ({ page: child, depth: depth + 1 }));
      pending.push(...below.toReversed());
    }
    return tree;
  }
}
