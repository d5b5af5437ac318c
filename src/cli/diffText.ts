import type { DiffedContent, Difference, EntityDiff, TreeDiff } from '../index.js';
import { printable, printableName } from './printable.js';

const states = {
  same: 'same',
  changed: 'changed',
  missing: 'missing',
  extra: 'extra',
  unreadable: 'unreadable',
  leftOut: 'left out',
} as const;

/** A line for each path that differs, and the sums. */
export function treeDiffText({ items, counts }: TreeDiff): string {
  const lines = items
    .filter(({ state, reason }) => state !== 'same' || reason !== undefined)
    .map(({ state, path, id, kind, reason }) => {
      const name = printable(path) + (kind === 'folder' ? '/' : '');
      const words = [states[state].padEnd(10), name, id && `(${id})`];
      if (reason !== undefined) words.push(`- ${printable(reason)}`);
      return words.filter(Boolean).join(' ');
    });
  const sums = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${states[state as keyof typeof states]}`);
  return [...lines, sums.join(', ') || 'both are empty'].join('\n');
}

/** A block for each kind of difference. */
export function entityDiffText(diff: EntityDiff): string {
  const { from, to, content, properties, annotations, columns, isReordered, items } = diff;
  const lines = [
    `--- ${nameOf(from)}`,
    `+++ ${nameOf(to)}`,
    ...contentLines(content),
    ...block('properties', properties, json),
    ...block('annotations', annotations, ({ type = 'STRING', value }) => {
      return `${type} ${json(value)}`;
    }),
    ...block('columns', columns, ({ columnType, ...column }) => {
      const others = Object.entries(column).filter(([name]) => name !== 'name');
      return [columnType, ...others.map(([name, value]) => `${name}=${json(value)}`)].join(' ');
    }),
  ];
  if (isReordered) lines.push('columns are in another order');
  lines.push(...block('items', items, (version) => `version ${version}`));
  if (diff.isSame) lines.push('no difference');
  return lines.join('\n');
}

function nameOf({ id, version, name, modifiedOn }: EntityDiff['from']): string {
  const versioned = version === undefined ? id : `${id}.${version}`;
  return [versioned, printableName(name), modifiedOn].filter(Boolean).join(' ');
}

function contentLines(content: EntityDiff['content']): string[] {
  if (content === undefined || content.isSame === true) return [];
  const { from, to, reason } = content;
  if (reason !== undefined) return [`content cannot be compared: ${reason}`];
  return ['content', ...[from && `- ${contentText(from)}`, to && `+ ${contentText(to)}`]].flatMap(
    (line) => line ?? [],
  );
}

function contentText({ fileName, contentType, size, md5, url }: DiffedContent): string {
  const words = [
    fileName && printableName(fileName),
    contentType && printable(contentType),
    size !== undefined && `${size} B`,
    md5 && `MD5 ${md5}`,
    url && printable(url),
  ];
  return words.filter(Boolean).join(', ') || 'unknown';
}

function block<T>(
  title: string,
  found: readonly Difference<T>[],
  show: (value: T) => string,
): string[] {
  const lines = found.flatMap(({ name, from, to }) => [
    ...(from === undefined ? [] : [`- ${printable(name)}: ${printable(show(from))}`]),
    ...(to === undefined ? [] : [`+ ${printable(name)}: ${printable(show(to))}`]),
  ]);
  return lines.length === 0 ? [] : [title, ...lines];
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
