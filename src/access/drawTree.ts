import { plainName } from '../values/plainName.js';

/** What is drawn of an object. */
export interface DrawnNode {
  id: string;
  /** Objects that are no entities have none. */
  name?: string;
  type: string;
  parentId?: string;
}

/** What a picture says about an object. */
export interface NodeText {
  /** Follows the name. */
  note: string;
  /** Lines below it. */
  details: readonly string[];
}

/**
 * Draws a tree, with everything in a container in the order in which it is given. Not recursive: a tree can be deeper than the stack.
 *
 * @param nodes - The first one is the top. What has no known parent is drawn below it.
 */
export function drawTree<N extends DrawnNode>(
  nodes: readonly N[],
  textOf: (node: N) => NodeText,
): string {
  const [top] = nodes;
  if (top === undefined) return '';
  const below = childrenByParent(top, nodes);
  const lines: string[] = [];
  const pending = [{ node: top, before: '', prefix: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, before, prefix } = next;
    const { note, details } = textOf(node);
    const children = below.get(node.id) ?? [];
    lines.push(`${before}${nodeText(node)}${plainName(note)}`);
    const stem = `${prefix}${children.length > 0 ? '│   ' : '    '}`;
    lines.push(...details.map((detail) => `${stem}${detail}`));
    const placed = children.map((child, index) => {
      const isLast = index === children.length - 1;
      return {
        node: child,
        before: `${prefix}${isLast ? '└── ' : '├── '}`,
        prefix: `${prefix}${isLast ? '    ' : '│   '}`,
      };
    });
    pending.push(...placed.reverse());
  }
  return lines.join('\n');
}

function nodeText({ id, name, type }: DrawnNode): string {
  return name === undefined ? `${type} ${id}` : `${plainName(name)} (${id}) [${type}]`;
}

function childrenByParent<N extends DrawnNode>(top: N, nodes: readonly N[]): Map<string, N[]> {
  const known = new Set(nodes.map(({ id }) => id));
  const below = new Map<string, N[]>();
  for (const node of nodes) {
    if (node.id === top.id) continue;
    const { parentId = top.id } = node;
    const parent = known.has(parentId) ? parentId : top.id;
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [node]);
    else siblings.push(node);
  }
  return below;
}

/** The objects of a tree, each before what is in it. */
export function inTreeOrder<N extends DrawnNode>(nodes: readonly N[]): N[] {
  const [top] = nodes;
  if (top === undefined) return [];
  const below = childrenByParent(top, nodes);
  const ordered: N[] = [];
  const pending = [top];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    ordered.push(next);
    pending.push(...(below.get(next.id) ?? []).toReversed());
  }
  return ordered;
}
