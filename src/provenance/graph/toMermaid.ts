import { drawnNodes, invisible, shortLabel, type DrawnNode } from './nodeLabel.js';
import { lineKinds } from './lineKinds.js';
import type { ProvenanceGraph } from './provenanceGraph.js';

/** The brackets of the shape of each kind of node. */
const shapes: Readonly<Record<DrawnNode['node']['kind'], readonly [string, string]>> = {
  entity: ['[', ']'],
  activity: ['([', '])'],
  url: ['[/', '/]'],
  other: ['{{', '}}'],
};

const arrows = { solid: '-->', dashed: '-.->' } as const;

const classes = [
  'classDef entity fill:#e8f1fb,stroke:#3b6ea5,color:#1b1b1b',
  'classDef activity fill:#fff3dd,stroke:#b8721b,color:#1b1b1b',
  'classDef url fill:#eaf5ea,stroke:#4c8c4a,color:#1b1b1b',
  'classDef other fill:#f2f2f2,stroke:#777777,color:#1b1b1b',
  'classDef absent fill:#f2f2f2,stroke:#777777,stroke-dasharray:4 3,color:#1b1b1b',
  'classDef root stroke-width:3px',
];

/**
 * Writes a graph as a flowchart of Mermaid, which GitHub, GitLab and Jupyter draw in Markdown. Data flows from left to right.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function toMermaid(graph: ProvenanceGraph): string {
  const drawn = drawnNodes(graph);
  const ids = new Map(drawn.map(({ node }, index) => [node.key, `n${index + 1}`]));
  const nodes = drawn.map((one) => {
    const [open, close] = shapes[one.node.kind];
    const label = [one.title, ...one.details].map((line) => escaped(shortLabel(line, 100)));
    return `${ids.get(one.node.key) ?? ''}${open}"${label.join('<br/>')}"${close}:::${classOf(one)}`;
  });
  const edges = graph.edges.flatMap(({ kind, from, to }) => {
    const [source, target] = [ids.get(from), ids.get(to)];
    if (kind === 'performed' || source === undefined || target === undefined) return [];
    return [`${source} ${arrows[lineKinds[kind].style]}|${kind}| ${target}`];
  });
  const root = ids.get(graph.root);
  const marks = root === undefined ? [] : [`class ${root} root`];
  return ['flowchart LR', ...[...nodes, ...edges, ...classes, ...marks].map(indented), ''].join(
    '\n',
  );
}

function indented(line: string): string {
  return `  ${line}`;
}

function classOf({ node }: DrawnNode): string {
  const isAbsent = node.kind === 'entity' && ['missing', 'forbidden'].includes(node.state);
  return isAbsent ? 'absent' : node.kind;
}

// Mermaid reads labels as Markdown and HTML. All but letters, digits and spaces are written as codes, and so is what
// terminals do not show; points, hyphens and underscores within words have no meaning.
const special = /(?<![\p{L}\p{N}])[._-]|[._-](?![\p{L}\p{N}])|[^\p{L}\p{N}\p{M}\p{So} ._-]/gu;

function escaped(text: string): string {
  const code = (character: string): string => `#${character.codePointAt(0) ?? 0};`;
  return text.replace(special, code).replace(invisible, code);
}
