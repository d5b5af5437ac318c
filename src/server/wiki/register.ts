import { entityHooks } from '../entities/entityHooks.js';
import { requireAct } from '../permissions/requireLogin.js';
import { getRequirement } from '../requirements/requirementRecords.js';
import type { World } from '../world.js';
import { defineWikiFiles } from './wikiFiles.js';
import { defineWikiOwner } from './wikiOwners.js';
import { findRoot } from './wikiRecords.js';
import { removeWikiOf } from './wikiWrites.js';

/** Registers the files of wikis, the owners of wikis, and the listener that deletes wikis. */
export function registerWikis(world: World): void {
  defineWikiFiles(world);
  const hooks = entityHooks(world);
  hooks.defineBundlePart(
    'rootWikiId',
    ({ record }) => findRoot(world, { type: 'ENTITY', id: record.id })?.id,
  );
  hooks.onChange(({ kind, entity }) => {
    if (kind === 'purge') {
      removeWikiOf(world, { type: 'ENTITY', id: entity.record.id });
    }
  });
  // Every user may read the wiki of a requirement, which describes how to meet it.
  defineWikiOwner(world, 'ACCESS_REQUIREMENT', {
    parseId: (text) => String(getRequirement(world, text).id),
    require: (caller, id, access) => {
      getRequirement(world, id);
      if (access !== 'READ') {
        requireAct(caller);
      }
    },
  });
}
