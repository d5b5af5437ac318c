import { getUser, users } from '../users/users.js';
import type { World } from '../world.js';

/** Registers the pictures of profiles, which are public. */
export function registerProfileImages(world: World): void {
  world.files.defineAssociation(
    'UserProfileAttachment',
    (_caller, userId, fileHandleId) =>
      getUser(world, userId)?.profile.profilePicureFileHandleId === fileHandleId,
  );
  world.files.defineLink((fileHandleId) =>
    [...users(world).values()].some(
      ({ profile }) => profile.profilePicureFileHandleId === fileHandleId,
    ),
  );
}
