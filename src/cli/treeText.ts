import type { WalkedEntity, WalkStep } from '../index.js';
import { formatBytes } from '../values/formatBytes.js';
import { shortName } from '../values/shortName.js';
import { printable, printableName } from './printable.js';
import { cutColumns, textWidth } from './textWidth.js';

const containers = /\.(Project|Folder)$/;

/** What is printed about entities besides name, id and type. */
export interface TreeDetails {
  /** Version, size and time of the last change. */
  long: boolean;
  /** The sizes of files by id. */
  sizes: ReadonlyMap<string, number>;
  /** The columns of the terminal, where long names are cut. @default lines of any length */
  available?: number | undefined;
}

/** A container whose line and content come with a later step. */
interface Branch {
  entity: WalkedEntity;
  /** What is before the line of the container. */
  before: string;
  /** What is before the lines of its content, but for their own branch. */
  prefix: string;
}

/** Formats the steps of a walk as lines of a tree, as they come. */
export class TreeText {
  readonly #maxDepth: number;
  /** The containers to come, the next one last. */
  readonly #branches: Branch[];

  /** @param maxDepth - Depth of the folders that are walked. */
  constructor(top: WalkedEntity, maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.#branches = [{ entity: top, before: '', prefix: '' }];
  }

  /** The lines of a container and of what is in it. Folders in it that are walked come with their own step. */
  lines({ depth, files: others, folders: all }: WalkStep, details: TreeDetails): string[] {
    const branch = this.#branches.pop();
    if (branch === undefined) return [];
    const files = [...others, ...all.filter(({ isSkipped }) => isSkipped === true)];
    const folders = all.filter(({ isSkipped }) => isSkipped !== true);
    const children = [...files, ...folders];
    const placed = children.map((entity, index): Branch => {
      const isLast = index === children.length - 1;
      return {
        entity,
        before: `${branch.prefix}${isLast ? '└── ' : '├── '}`,
        prefix: `${branch.prefix}${isLast ? '    ' : '│   '}`,
      };
    });
    const isWalked = depth < this.#maxDepth;
    const here = isWalked ? placed.slice(0, files.length) : placed;
    if (isWalked) this.#branches.push(...placed.slice(files.length).reverse());
    return [branch, ...here].map(({ before, entity }) => {
      const { available = Infinity } = details;
      return before + entityLine(entity, details, available - textWidth(before));
    });
  }
}

/** The columns that a name gets at least. */
const shortestName = 12;

/** @param room - The columns that the line may have. A name is cut, but no id. */
function entityLine(entity: WalkedEntity, { long, sizes }: TreeDetails, room: number): string {
  const { id, name, link, type, versionNumber, modifiedOn = '', isSkipped } = entity;
  const version = long && versionNumber !== undefined ? `.${versionNumber}` : '';
  const via = link === undefined ? '' : `, by the link ${printable(link.id)}`;
  const size = sizes.get(id);
  const details = long
    ? [size === undefined ? [] : formatBytes(size), timeText(modifiedOn) || []].flat()
    : [];
  const slash = containers.test(type) ? '/' : '';
  const what = `${slash} (${printable(id)}${version}${via}) [${typeName(type)}]`;
  const rest = [what, ...details, ...(isSkipped === true ? ['not followed'] : [])].join('  ');
  return cutColumns(printableName(name), Math.max(shortestName, room - textWidth(rest))) + rest;
}

function typeName(type: string): string {
  return printable(shortName(type))
    .slice(0, 24)
    .replace(/Entity$/, '');
}

/** UTC. */
function timeText(time: string): string {
  return printable(time).slice(0, 16).replace('T', ' ');
}

/** Counts what a tree has. */
export class TreeTotals {
  readonly #counts = new Map<string, number>();
  readonly #maxDepth: number;
  #bytes = 0;
  #unopened = 0;

  /** @param maxDepth - Depth of the folders that are walked. */
  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  add({ depth, folders, files, sumFileSizesBytes = 0 }: WalkStep): void {
    if (depth >= this.#maxDepth) this.#unopened += folders.length;
    for (const { type } of [...folders, ...files]) {
      const name = typeName(type);
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
    this.#bytes += sumFileSizesBytes;
  }

  /** The numbers of entities by type, the sum of the sizes of files in bytes, the folders that are too deep to be listed. */
  toJSON(): { counts: Record<string, number>; bytes: number; unopened: number } {
    return {
      counts: Object.fromEntries(this.#counts),
      bytes: this.#bytes,
      unopened: this.#unopened,
    };
  }

  /** `2 folders, 1 file; 1.5 kB`. */
  toString(): string {
    const { Folder: folders = 0, File: files = 0, ...others } = Object.fromEntries(this.#counts);
    const parts = [
      counted(folders, 'folder'),
      counted(files, 'file'),
      ...Object.entries(others).map(([name, count]) => counted(count, name)),
    ];
    const unopened =
      this.#unopened === 0
        ? ''
        : `; not counted: the content of ${counted(this.#unopened, 'folder')} below the depth limit`;
    return `${parts.join(', ')}; ${formatBytes(this.#bytes)}${unopened}`;
  }
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
