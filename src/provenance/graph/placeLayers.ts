import { indexed, type Link } from './layers.js';

/** How much space a node takes, and how straight its links should be. */
export interface Extent {
  height: number;
  /** A point that a link passes between two nodes that are far from each other. */
  isBend: boolean;
}

const sweeps = 24;

/** The space between two nodes, and next to a bend. */
const gap = 22;
const bendGap = 10;

/**
 * The position of the middle of each node within its layer: near to what it is linked to, in the given order, without overlaps.
 */
export function placeLayers(
  extents: readonly Extent[],
  layers: readonly (readonly number[])[],
  links: readonly Link[],
): number[] {
  const count = extents.length;
  const out = indexed(count, links, 'from');
  const into = indexed(count, links, 'to');
  const middle = new Array<number>(count).fill(0);
  const arrange = (layer: readonly number[], wishes: readonly Wish[]): void => {
    const starts = spread(layer, extents);
    fit(wishes, starts).forEach((place, index) => {
      const node = layer[index];
      if (node !== undefined) middle[node] = place;
    });
  };
  for (const layer of layers) {
    const starts = spread(layer, extents);
    const half = (starts.at(-1) ?? 0) / 2;
    arrange(
      layer,
      starts.map((start) => ({ at: start - half, weight: 1 })),
    );
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const sides = sweep >= sweeps - 6 ? [into, out] : [sweep % 2 === 0 ? out : into];
    const order = sweep % 2 === 0 ? [...layers].reverse() : layers;
    for (const layer of order) {
      arrange(
        layer,
        layer.map((node) => wishOf(node, sides, extents, middle)),
      );
    }
  }
  return middle;
}

interface Wish {
  at: number;
  weight: number;
}

/** Where a node would be, if it were alone. */
function wishOf(
  node: number,
  sides: readonly (readonly Link[][])[],
  extents: readonly Extent[],
  middle: readonly number[],
): Wish {
  let sum = 0;
  let weight = 0;
  for (const { from, to } of sides.flatMap((side) => side[node] ?? [])) {
    const other = from === node ? to : from;
    // Long links should be straight.
    const bends = Number(extents[node]?.isBend === true) + Number(extents[other]?.isBend === true);
    const pull = [1, 2, 8][bends] ?? 1;
    sum += pull * (middle[other] ?? 0);
    weight += pull;
  }
  return weight === 0 ? { at: middle[node] ?? 0, weight: 0.1 } : { at: sum / weight, weight };
}

/** The positions of nodes that are as near to each other as possible. */
function spread(layer: readonly number[], extents: readonly Extent[]): number[] {
  let at = 0;
  return layer.map((node, index) => {
    const before = extents[layer[index - 1] ?? -1];
    const extent = extents[node];
    if (before !== undefined && extent !== undefined) {
      const space = before.isBend || extent.isBend ? bendGap : gap;
      at += before.height / 2 + space + extent.height / 2;
    }
    return at;
  });
}

/**
 * The positions that are nearest to the wishes (least squares) and at least as far from each other as `starts`: neighbours that
 * are too near to each other become one block.
 */
function fit(wishes: readonly Wish[], starts: readonly number[]): number[] {
  const blocks: { at: number; weight: number; size: number }[] = [];
  wishes.forEach(({ at, weight }, index) => {
    let block = { at: at - (starts[index] ?? 0), weight, size: 1 };
    for (let last = blocks.at(-1); last && last.at > block.at; last = blocks.at(-1)) {
      const sum = last.weight + block.weight;
      const mean = (last.at * last.weight + block.at * block.weight) / sum;
      block = { at: mean, weight: sum, size: last.size + block.size };
      blocks.pop();
    }
    blocks.push(block);
  });
  const places: number[] = [];
  for (const { at, size } of blocks) {
    for (let n = 0; n < size; n += 1) places.push(at + (starts[places.length] ?? 0));
  }
  return places;
}
