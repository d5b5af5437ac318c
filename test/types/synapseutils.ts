// Compiled, never run: a line that should not compile and does fails the type check, as does one the other way round.
import type { Synapse } from '../../src/index.js';
import { walk, type WalkTuple } from '../../src/synapseutils/index.js';

export function theClientComesFirst(syn: Synapse, signal: AbortSignal): AsyncIterable<WalkTuple> {
  // @ts-expect-error the container is missing
  walk(syn);
  // @ts-expect-error the client is missing
  walk('syn1');
  return walk(syn, 'syn1', { signal });
}
