import { entityHooks } from '../entities/entityHooks.js';
import type { World } from '../world.js';
import { discussionTables } from './discussionRecords.js';
import { removeForumOf } from './forums.js';
import { threadsAbout } from './threads.js';

/** Registers the messages that refer to files, thread counts, and the listener that deletes forums. */
export function registerDiscussion(world: World): void {
  const { repliesByHandle, threadsByHandle } = discussionTables(world);
  world.files.defineLink(
    (fileHandleId) => threadsByHandle.count(fileHandleId) + repliesByHandle.count(fileHandleId) > 0,
  );
  const hooks = entityHooks(world);
  hooks.defineBundlePart(
    'threadCount',
    ({ record }, caller) => threadsAbout(world, caller, record.id).length,
  );
  hooks.onChange(({ kind, entity }) => {
    if (kind === 'purge') {
      removeForumOf(world, entity.record.id);
    }
  });
}
