import { shortName } from '../../values/shortName.js';
import type { EntityNode, ProvenanceGraph, ProvenanceNode, UserNode } from './provenanceGraph.js';

/** What a picture shows of a node. */
export interface NodeLabel {
  title: string;
  /** Smaller lines below. */
  details: string[];
}

/** A node of a picture, with its label. Users are not nodes of pictures: activities name them. */
export type DrawnNode = { node: Exclude<ProvenanceNode, UserNode> } & NodeLabel;

const stateTexts: Readonly<Record<EntityNode['state'], string | undefined>> = {
  read: undefined,
  notRead: 'its origin is not shown',
  missing: 'not found',
  forbidden: 'no access',
};

/** The nodes of a picture of a graph. */
export function drawnNodes({ nodes, edges }: ProvenanceGraph): DrawnNode[] {
  const users = new Map(nodes.flatMap((node) => (node.kind === 'user' ? [[node.key, node]] : [])));
  const performers = new Map<string, string[]>();
  for (const { kind, from, to } of edges) {
    const name = users.get(from)?.name;
    if (kind === 'performed' && name !== undefined) {
      performers.set(to, [...(performers.get(to) ?? []), name]);
    }
  }
  return nodes.flatMap((node) =>
    node.kind === 'user' ? [] : [{ node, ...labelOf(node, performers.get(node.key) ?? []) }],
  );
}

function labelOf(node: DrawnNode['node'], performers: readonly string[]): NodeLabel {
  switch (node.kind) {
    case 'entity': {
      const { key, name, type, state } = node;
      const kind = type === undefined ? [] : [shortName(type).replace(/(?<=.)Entity$/, '')];
      const line = visible([key, ...kind].join(' · '));
      const more = stateTexts[state];
      return {
        title: visible(name ?? '') || visible(key),
        details: [...(name === undefined ? [] : [line]), ...(more === undefined ? [] : [more])],
      };
    }
    case 'activity': {
      const { name, createdOn } = node;
      const who = performers.length === 0 ? '' : `by ${performers.join(', ')}`;
      const when = createdOn?.slice(0, 10) ?? '';
      const line = [who, when].filter(Boolean).join(', ');
      return {
        title: visible(name ?? '') || 'Activity',
        details: line === '' ? [] : [visible(line)],
      };
    }
    case 'url':
      return {
        title: visible(node.name ?? '') || visible(node.url),
        details: node.name === undefined ? [] : [visible(node.url)],
      };
    case 'other':
      return { title: visible(shortName(node.type)), details: ['unknown kind of input'] };
  }
}

// Characters that are not text, that no XML can have, or that change the direction of the text around them.
const hidden =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/** Writes characters that no label can have as escapes, and other space as single spaces. */
export function visible(text: string): string {
  return text
    .replace(/[\s\u0085]+/g, ' ')
    .trim()
    .replace(hidden, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `\\u${code.toString(16).padStart(4, '0')}`;
    });
}

/** Invisible characters, without the variation selectors that emoji need. Each format writes these characters as codes. */
export const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}](?<![\ufe00-\ufe0f])/gu;

/** The first characters of a label, with an ellipsis for the rest. */
export function shortLabel(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(new Intl.Segmenter().segment(text.slice(0, length * 8)));
  if (characters.length <= length && text.length <= length * 8) return text;
  return `${characters
    .slice(0, length - 1)
    .map(({ segment }) => segment)
    .join('')}…`;
}
