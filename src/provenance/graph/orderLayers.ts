import { indexed, type Link } from './layers.js';

const sweeps = 16;

/**
 * Orders the nodes of each layer so that few links cross, by the mean position of what they are linked to.
 *
 * @param layers - The nodes of each layer. All links go from one layer to the next.
 */
export function orderLayers(
  count: number,
  layers: readonly (readonly number[])[],
  links: readonly Link[],
): number[][] {
  const out = indexed(count, links, 'from');
  const into = indexed(count, links, 'to');
  let current = layers.map((layer) => [...layer]);
  let best = current;
  let fewest = crossings(count, current, out);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    const isForward = sweep % 2 === 1;
    current = swept(count, current, isForward ? into : out, isForward);
    const found = crossings(count, current, out);
    if (found < fewest) {
      best = current;
      fewest = found;
    }
  }
  return best;
}

/** Sorts layer by layer, by the positions in the layer before it. */
function swept(
  count: number,
  layers: readonly number[][],
  neighbours: readonly Link[][],
  isForward: boolean,
): number[][] {
  const position = positions(count, layers);
  const sorted = layers.map((layer) => [...layer]);
  const order = layers.map((_, index) => (isForward ? index : layers.length - 1 - index));
  for (const index of order) {
    const layer = sorted[index] ?? [];
    const wish = new Map(
      layer.map((node) => {
        const near = (neighbours[node] ?? []).map(({ from, to }) => (isForward ? from : to));
        const sum = near.reduce((total, each) => total + (position[each] ?? 0), 0);
        // What is linked to nothing there stays where it is.
        return [node, near.length === 0 ? (position[node] ?? 0) : sum / near.length];
      }),
    );
    layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    layer.forEach((node, place) => (position[node] = place));
  }
  return sorted;
}

function positions(count: number, layers: readonly (readonly number[])[]): number[] {
  const position = new Array<number>(count).fill(0);
  for (const layer of layers) layer.forEach((node, index) => (position[node] = index));
  return position;
}

/** The number of links that cross others, counted with a tree of sums. */
function crossings(
  count: number,
  layers: readonly (readonly number[])[],
  out: readonly Link[][],
): number {
  const position = positions(count, layers);
  let total = 0;
  layers.forEach((layer, index) => {
    const width = layers[index + 1]?.length ?? 0;
    const sums = new Int32Array(width + 1);
    let seen = 0;
    for (const node of layer) {
      const ends = (out[node] ?? []).map(({ to }) => position[to] ?? 0);
      for (const end of ends) total += seen - sumTo(sums, end + 1);
      for (const end of ends) addAt(sums, end + 1);
      seen += ends.length;
    }
  });
  return total;
}

function sumTo(sums: Int32Array, end: number): number {
  let total = 0;
  for (let index = end; index > 0; index -= index & -index) total += sums[index] ?? 0;
  return total;
}

function addAt(sums: Int32Array, place: number): void {
  for (let index = place; index < sums.length; index += index & -index) {
    sums[index] = (sums[index] ?? 0) + 1;
  }
}
