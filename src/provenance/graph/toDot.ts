import { drawnNodes, invisible, shortLabel, type DrawnNode } from './nodeLabel.js';
import { lineKinds } from './lineKinds.js';
import type { ProvenanceGraph } from './provenanceGraph.js';

const styles: Readonly<Record<DrawnNode['node']['kind'], string>> = {
  entity: 'shape=box, style=filled, fillcolor="#e8f1fb", color="#3b6ea5"',
  activity: 'shape=box, style="filled,rounded", fillcolor="#fff3dd", color="#b8721b"',
  url: 'shape=note, style=filled, fillcolor="#eaf5ea", color="#4c8c4a"',
  other: 'shape=hexagon, style=filled, fillcolor="#f2f2f2", color="#777777"',
};

const absent = 'shape=box, style="filled,dashed", fillcolor="#f2f2f2", color="#777777"';

/**
 * Writes a graph in the DOT language of Graphviz. Data flows from left to right.
 *
 * @see https://graphviz.org/doc/info/lang.html
 */
export function toDot(graph: ProvenanceGraph): string {
  const drawn = drawnNodes(graph);
  const ids = new Map(drawn.map(({ node }, index) => [node.key, `n${index + 1}`]));
  const nodes = drawn.map((one) => {
    const lines = [one.title, ...one.details];
    const label = lines.map((line) => escaped(shortLabel(line, 100))).join('\\n');
    const tooltip = escaped(lines.join(' · '));
    const width = one.node.key === graph.root ? ', penwidth=3' : '';
    return `${ids.get(one.node.key) ?? ''} [label="${label}", tooltip="${tooltip}", ${styleOf(one)}${width}];`;
  });
  const edges = graph.edges.flatMap(({ kind, from, to }) => {
    const [source, target] = [ids.get(from), ids.get(to)];
    if (kind === 'performed' || source === undefined || target === undefined) return [];
    const { style, color } = lineKinds[kind];
    return [`${source} -> ${target} [label="${kind}", style=${style}, color="${color}"];`];
  });
  const lines = [
    'rankdir=LR;',
    'charset="UTF-8";',
    'node [fontname="Helvetica,Arial,sans-serif", fontsize=11];',
    'edge [fontname="Helvetica,Arial,sans-serif", fontsize=9, fontcolor="#666666"];',
    ...nodes,
    ...edges,
  ];
  return ['digraph provenance {', ...lines.map((line) => `  ${line}`), '}', ''].join('\n');
}

function styleOf({ node }: DrawnNode): string {
  const isAbsent = node.kind === 'entity' && ['missing', 'forbidden'].includes(node.state);
  return isAbsent ? absent : styles[node.kind];
}

/** Labels of Graphviz have escapes with backslashes, and entities of HTML. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replace(invisible, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
