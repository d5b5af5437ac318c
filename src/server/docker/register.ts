import { evaluationHooks } from '../evaluations/evaluationHooks.js';
import type { World } from '../world.js';
import { hasDigest, watchRepositories } from './dockerCommits.js';

/** Registers what entities and evaluations ask about Docker commits. */
export function registerDocker(world: World): void {
  watchRepositories(world);
  evaluationHooks(world).defineDigests((entityId, digest) => hasDigest(world, entityId, digest));
}
