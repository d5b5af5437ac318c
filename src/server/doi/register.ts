import type { World } from '../world.js';
import { defineDoiPart, putDoi } from './dois.js';

/** Registers the job that makes DOIs, and their part of entity bundles. */
export function registerDois(world: World): void {
  defineDoiPart(world);
  world.jobs.define('org.sagebionetworks.repo.model.doi.v2.DoiRequest', ({ doi }, { caller }) => ({
    concreteType: 'org.sagebionetworks.repo.model.doi.v2.DoiResponse',
    doi: putDoi(world, caller, doi),
  }));
}
