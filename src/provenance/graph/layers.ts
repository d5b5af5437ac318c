/** An edge between nodes, by number. */
export interface Link {
  from: number;
  to: number;
}

/** A link that was turned around where the graph has a cycle, so that all point to a later layer. */
export interface DirectedLink extends Link {
  isTurned: boolean;
}

/** Turns the links around that close a cycle. */
export function withoutCycles(count: number, links: readonly Link[]): DirectedLink[] {
  const into = indexed(count, links, 'to');
  const state = new Uint8Array(count);
  const turned = new Set<Link>();
  for (let start = 0; start < count; start += 1) {
    if (state[start] !== 0) continue;
    // Depth first, against the direction of the links, without recursion: chains can be long.
    const stack: { node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = 1;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const link = into[top.node]?.[top.next];
      top.next += 1;
      if (link === undefined) {
        state[top.node] = 2;
        stack.pop();
      } else if (state[link.from] === 1) turned.add(link);
      else if (state[link.from] === 0) {
        state[link.from] = 1;
        stack.push({ node: link.from, next: 0 });
      }
    }
  }
  return links.map((link) =>
    turned.has(link)
      ? { from: link.to, to: link.from, isTurned: true }
      : { ...link, isTurned: false },
  );
}

/**
 * The layer of each node: every link goes from a layer to a later one, and the last layer has what leads nowhere. A node is as near
 * to the nodes that it leads to as possible.
 */
export function layersOf(count: number, links: readonly Link[]): number[] {
  const out = indexed(count, links, 'from');
  const into = indexed(count, links, 'to');
  const waiting = out.map((each) => each.length);
  const height = new Array<number>(count).fill(0);
  const ready = waiting.flatMap((each, node) => (each === 0 ? [node] : []));
  for (const node of ready) {
    for (const { from } of into[node] ?? []) {
      height[from] = Math.max(height[from] ?? 0, (height[node] ?? 0) + 1);
      waiting[from] = (waiting[from] ?? 0) - 1;
      if (waiting[from] === 0) ready.push(from);
    }
  }
  const highest = height.reduce((most, each) => Math.max(most, each), 0);
  return height.map((each) => highest - each);
}

/** The links of each node. */
export function indexed<L extends Link>(
  count: number,
  links: readonly L[],
  end: 'from' | 'to',
): L[][] {
  const lists = Array.from({ length: count }, (): L[] => []);
  for (const link of links) lists[link[end]]?.push(link);
  return lists;
}
