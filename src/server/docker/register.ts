import { evaluationHooks } from '../evaluations/evaluationHooks.js';
import type { World } from '../world.js';
import { hasDigest, watchRepositories } from './dockerCommits.js';

/** Registers the digest check of evaluations and the listener that deletes commits. */
export function registerDocker(world: World): void {
  watchRepositories(world);
  evaluationHooks(world).defineDigests((entityId, digest) => hasDigest(world, entityId, digest));
}
