import { layersOf, withoutCycles, type DirectedLink, type Link } from './layers.js';
import { orderLayers } from './orderLayers.js';
import { placeLayers, type Extent } from './placeLayers.js';

export interface Size {
  width: number;
  height: number;
}

/** A box of a picture: `x` and `y` are its left upper corner. */
export interface Box extends Size {
  x: number;
  y: number;
}

export interface Point {
  x: number;
  y: number;
}

/** A picture of boxes and lines. Nothing is left of or above the origin. */
export interface Layout extends Size {
  boxes: Box[];
  /** The corners of each line, in the order of the links. Two by two, they are level. */
  lines: Point[][];
}

/** The width of the space between two layers, and how much wider each link makes it. */
const gap = { least: 46, most: 150, link: 5 };

/** The width and height that a link takes where it passes a layer. */
const bend = { width: 0, height: 6 };

/** The most that the ends of two links on a side of a box are apart. */
const portGap = 13;

/**
 * Places boxes in layers from left to right: links go to the right, but for those that close a cycle. Boxes and lines do not
 * overlap boxes.
 */
export function layoutGraph(sizes: readonly Size[], links: readonly Link[]): Layout {
  const directed = withoutCycles(sizes.length, links);
  const layerOf = layersOf(sizes.length, directed);
  const { chains, extents, layers, short } = withBends(sizes, directed, layerOf);
  const ordered = orderLayers(extents.length, layers, short);
  const middle = placeLayers(extents, ordered, short);
  const columns = columnsOf(sizes, ordered, short);
  const top = extents.reduce(
    (y, { height }, node) => Math.min(y, (middle[node] ?? 0) - height / 2),
    0,
  );
  const centers = middle.map((y) => y - top);
  const boxes = sizes.map(({ height }, node): Box => {
    const column = columns[layerOf[node] ?? 0] ?? { x: 0, width: 0 };
    return { ...column, y: (centers[node] ?? 0) - height / 2, height };
  });
  const ports = new Ports(boxes, chains, centers);
  const lines = chains.map((chain, index) => {
    const { isTurned = false, from = 0, to = 0 } = directed[index] ?? {};
    const first = boxes[from];
    const last = boxes[to];
    if (first === undefined || last === undefined) return [];
    const bends = chain.slice(1, -1).flatMap((node, step): Point[] => {
      const column = columns[(layerOf[from] ?? 0) + step + 1] ?? { x: 0, width: 0 };
      const y = centers[node] ?? 0;
      return [
        { x: column.x, y },
        { x: column.x + column.width, y },
      ];
    });
    const points = [
      { x: first.x + first.width, y: ports.y(index, 'from') },
      ...bends,
      { x: last.x, y: ports.y(index, 'to') },
    ];
    return isTurned ? points.reverse() : points;
  });
  return {
    boxes,
    lines,
    width: boxes.reduce((most, { x, width }) => Math.max(most, x + width), 0),
    height: extents.reduce(
      (most, { height }, node) => Math.max(most, (centers[node] ?? 0) + height / 2),
      0,
    ),
  };
}

/** A graph whose links go from one layer to the next only: longer ones are chains of bends. */
function withBends(
  sizes: readonly Size[],
  links: readonly DirectedLink[],
  layerOf: readonly number[],
): { chains: number[][]; extents: Extent[]; layers: number[][]; short: Link[] } {
  const extents = sizes.map(({ height }): Extent => ({ height, isBend: false }));
  const layers: number[][] = [];
  const put = (node: number, layer: number): void => {
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node);
  };
  sizes.forEach((_, node) => put(node, layerOf[node] ?? 0));
  const short: Link[] = [];
  const chains = links.map(({ from, to }) => {
    const chain = [from];
    for (let layer = (layerOf[from] ?? 0) + 1; layer < (layerOf[to] ?? 0); layer += 1) {
      put(extents.length, layer);
      chain.push(extents.length);
      extents.push({ height: bend.height, isBend: true });
    }
    chain.push(to);
    for (let index = 1; index < chain.length; index += 1) {
      short.push({ from: chain[index - 1] ?? from, to: chain[index] ?? to });
    }
    return chain;
  });
  return { chains, extents, layers, short };
}

/** The left edge and the width of each layer. */
function columnsOf(
  sizes: readonly Size[],
  layers: readonly (readonly number[])[],
  short: readonly Link[],
): { x: number; width: number }[] {
  const layerOf = new Map<number, number>();
  layers.forEach((layer, index) => layer.forEach((node) => layerOf.set(node, index)));
  const passing = new Array<number>(layers.length).fill(0);
  for (const { from } of short) {
    const layer = layerOf.get(from) ?? 0;
    passing[layer] = (passing[layer] ?? 0) + 1;
  }
  const widths = layers.map((layer) =>
    layer.reduce((most, node) => Math.max(most, sizes[node]?.width ?? bend.width), 0),
  );
  let x = 0;
  return widths.map((width, index) => {
    const column = { x, width };
    x += width + Math.min(gap.most, gap.least + gap.link * (passing[index] ?? 0));
    return column;
  });
}

/** Where links begin and end on the sides of boxes: next to each other, in the order of their other ends. */
class Ports {
  readonly #places = new Map<string, number>();

  constructor(boxes: readonly Box[], chains: readonly number[][], centers: readonly number[]) {
    this.#arrange(boxes, chains, centers, 'from');
    this.#arrange(boxes, chains, centers, 'to');
  }

  y(link: number, end: 'from' | 'to'): number {
    return this.#places.get(`${end} ${link}`) ?? 0;
  }

  #arrange(
    boxes: readonly Box[],
    chains: readonly number[][],
    centers: readonly number[],
    end: 'from' | 'to',
  ): void {
    const at = end === 'from' ? 0 : -1;
    const next = end === 'from' ? 1 : -2;
    const ends = boxes.map((): { link: number; other: number }[] => []);
    chains.forEach((chain, link) => {
      const other = centers[chain.at(next) ?? 0] ?? 0;
      ends[chain.at(at) ?? 0]?.push({ link, other });
    });
    boxes.forEach(({ y, height }, node) => {
      const side = (ends[node] ?? []).sort((a, b) => a.other - b.other || a.link - b.link);
      const space = Math.min(portGap, (height - 12) / Math.max(1, side.length - 1));
      side.forEach(({ link }, index) => {
        const offset = (index - (side.length - 1) / 2) * space;
        this.#places.set(`${end} ${link}`, y + height / 2 + offset);
      });
    });
  }
}
