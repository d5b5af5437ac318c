import type { HandleRecord } from '../files/handleRecords.js';
import { previewOf } from '../files/previews.js';
import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';

/** Serves the pictures in profiles, which are public. */
export function profileImageRoutes(router: Router, world: World): void {
  router.get('/repo/v1/userProfile/{profileId}/image', ({ path }) =>
    world.files.url(pictureOf(world, path.profileId)),
  );
  router.get('/repo/v1/userProfile/{profileId}/image/preview', async ({ path }) => {
    const preview = await previewOf(world, pictureOf(world, path.profileId));
    if (preview === undefined) {
      throw notFound(`The picture of user ${path.profileId} has no preview.`);
    }
    return world.files.url(preview);
  });
}

function pictureOf(world: World, userId: string): HandleRecord {
  const id = getUser(world, userId)?.profile.profilePicureFileHandleId;
  if (id === undefined) {
    throw notFound(`The user ${userId.slice(0, 100)} has no picture.`);
  }
  return world.files.get(id);
}
