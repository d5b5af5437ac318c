import { drawnNodes, invisible, type DrawnNode } from './nodeLabel.js';
import { indexed, type Link } from './layers.js';
import { layoutGraph, type Box, type Point } from './layoutGraph.js';
import { lineKinds } from './lineKinds.js';
import type { ProvenanceEdge, ProvenanceGraph } from './provenanceGraph.js';
import { textSize, wrapText } from './textSize.js';

const font = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
const titleSize = 13;
const detailSize = 11;
const lineHeight = 1.35;
const padding = { x: 12, y: 8 };
const textWidth = 200;
const margin = 20;
/** Boxes are higher when many links end at them. */
const endHeight = 9;
const maximumHeight = 400;
const arrow = { length: 9, half: 4 };

interface Style {
  fill: string;
  stroke: string;
}

const styles: Readonly<Record<DrawnNode['node']['kind'] | 'absent', Style>> = {
  entity: { fill: '#e8f1fb', stroke: '#3b6ea5' },
  activity: { fill: '#fff3dd', stroke: '#b8721b' },
  url: { fill: '#eaf5ea', stroke: '#4c8c4a' },
  other: { fill: '#f2f2f2', stroke: '#777777' },
  absent: { fill: '#f2f2f2', stroke: '#777777' },
};

interface Row {
  text: string;
  size: number;
  isTitle: boolean;
}

type DrawnEdge = ProvenanceEdge & { kind: keyof typeof lineKinds };

/** Draws a graph as a picture that is a file of its own. Data flows from left to right. */
export function toSvg(graph: ProvenanceGraph): string {
  const drawn = drawnNodes(graph);
  const numbers = new Map(drawn.map(({ node }, index) => [node.key, index]));
  const edges = graph.edges.filter(
    (edge): edge is DrawnEdge =>
      edge.kind !== 'performed' && numbers.has(edge.from) && numbers.has(edge.to),
  );
  const rows = drawn.map(rowsOf);
  const links = edges.map(({ from, to }) => ({
    from: numbers.get(from) ?? 0,
    to: numbers.get(to) ?? 0,
  }));
  const ends = mostEnds(drawn.length, links);
  const sizes = rows.map((each, index) => sizeOf(each, ends[index] ?? 0));
  const { boxes, lines, width, height } = layoutGraph(sizes, links);
  const legend = legendOf(edges, height + 18);
  const total = {
    width: Math.ceil(Math.max(width, legend.width)) + 2 * margin,
    height: Math.ceil(height + legend.height) + 2 * margin,
  };
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}" viewBox="${-margin} ${-margin} ${total.width} ${total.height}" font-family="${font}" role="img">`,
    `<title>${escaped(`Provenance of ${graph.root}`)}</title>`,
    `<rect x="${-margin}" y="${-margin}" width="${total.width}" height="${total.height}" fill="#ffffff"/>`,
    ...lines.flatMap((points, index) => lineOf(points, edges[index]?.kind ?? 'used')),
    ...drawn.map((one, index) =>
      boxOf(one, boxes[index], rows[index] ?? [], one.node.key === graph.root),
    ),
    ...legend.parts,
    '</svg>',
    '',
  ];
  return parts.join('\n');
}

function rowsOf({ title, details }: DrawnNode): Row[] {
  const titles = wrapText(title, textWidth / (titleSize * 1.12), 3);
  const others = details.flatMap((detail) => wrapText(detail, textWidth / detailSize, 2));
  return [
    ...titles.map((text) => ({ text, size: titleSize, isTitle: true })),
    ...others.map((text) => ({ text, size: detailSize, isTitle: false })),
  ];
}

/** The number of links on the side of each box that has most. */
function mostEnds(count: number, links: readonly Link[]): number[] {
  const out = indexed(count, links, 'from');
  const into = indexed(count, links, 'to');
  return out.map(({ length }, node) => Math.max(length, into[node]?.length ?? 0));
}

/** @param ends - The number of links that begin or end on one side. */
function sizeOf(rows: readonly Row[], ends: number): { width: number; height: number } {
  // Bold text is wider.
  const widths = rows.map(
    ({ text, size, isTitle }) => textSize(text) * size * (isTitle ? 1.12 : 1),
  );
  return {
    width: Math.max(80, ...widths) + 2 * padding.x,
    height: Math.max(textHeight(rows) + 2 * padding.y, Math.min(maximumHeight, ends * endHeight)),
  };
}

function textHeight(rows: readonly Row[]): number {
  return rows.reduce((sum, { size }) => sum + size * lineHeight, 0);
}

function boxOf(
  { node, title, details }: DrawnNode,
  box: Box | undefined,
  rows: readonly Row[],
  isRoot: boolean,
): string {
  if (box === undefined) return '';
  const { x, y, width, height } = box;
  const isAbsent = node.kind === 'entity' && ['missing', 'forbidden'].includes(node.state);
  const { fill, stroke } = styles[isAbsent ? 'absent' : node.kind];
  const radius = node.kind === 'activity' ? Math.min(height / 2, 18) : 3;
  const dashes = isAbsent || node.kind === 'url' ? ' stroke-dasharray="5 3"' : '';
  const texts: string[] = [];
  let baseline = y + (height - textHeight(rows)) / 2;
  for (const { text, size, isTitle } of rows) {
    baseline += size * lineHeight;
    const look = isTitle ? 'font-weight="600" fill="#1b1b1b"' : 'fill="#444444"';
    texts.push(
      `<text x="${round(x + width / 2)}" y="${round(baseline - size * 0.35)}" font-size="${size}" text-anchor="middle" ${look}>${escaped(text)}</text>`,
    );
  }
  return [
    `<g><title>${escaped([title, ...details].join('\n'))}</title>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}" fill="${fill}" stroke="${stroke}" stroke-width="${isRoot ? 3 : 1.2}"${dashes}/>`,
    ...texts,
    '</g>',
  ].join('');
}

/** A curve through the points, with a head at its end. */
function lineOf(points: readonly Point[], kind: keyof typeof lineKinds): string[] {
  const [first, ...others] = points;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return [];
  const side = last.x >= first.x ? 1 : -1;
  const end = { x: last.x - side * arrow.length, y: last.y };
  let path = `M${round(first.x)} ${round(first.y)}`;
  let from = first;
  [...others.slice(0, -1), end].forEach((to) => {
    const half = round((from.x + to.x) / 2);
    path +=
      from.y === to.y
        ? `L${round(to.x)} ${round(to.y)}`
        : `C${half} ${round(from.y)} ${half} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    from = to;
  });
  return [strokeOf(path, kind), headOf(last, side, kind)];
}

function strokeOf(path: string, kind: keyof typeof lineKinds): string {
  const { color, style } = lineKinds[kind];
  const dashes = style === 'dashed' ? ' stroke-dasharray="6 4"' : '';
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.4"${dashes}/>`;
}

function headOf({ x, y }: Point, side: 1 | -1, kind: keyof typeof lineKinds): string {
  const back = round(x - side * arrow.length);
  const corners = `${round(x)},${round(y)} ${back},${round(y - arrow.half)} ${back},${round(y + arrow.half)}`;
  return `<polygon points="${corners}" fill="${lineKinds[kind].color}"/>`;
}

/** Says which line is what, for the kinds that there are. */
function legendOf(
  edges: readonly DrawnEdge[],
  y: number,
): { parts: string[]; width: number; height: number } {
  const kinds = (['used', 'executed', 'generated'] as const).filter((kind) =>
    edges.some((edge) => edge.kind === kind),
  );
  let x = 0;
  const parts = kinds.flatMap((kind) => {
    const line = lineOf(
      [
        { x, y },
        { x: x + 38, y },
      ],
      kind,
    );
    const text = `<text x="${x + 44}" y="${y + 4}" font-size="${detailSize}" fill="#444444">${kind}</text>`;
    x += 44 + textSize(kind) * detailSize + 20;
    return [...line, text];
  });
  return { parts, width: x, height: kinds.length === 0 ? 0 : 26 };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(invisible, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
