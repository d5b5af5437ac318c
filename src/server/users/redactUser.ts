import { notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { getUser, renameUser, updateUser } from './users.js';

/**
 * Removes what a user said of themselves, and the ways to log in. The user stays, with the id as
 * name, because others refer to it.
 *
 * @throws 404
 */
export function redactUser(world: World, id: string): void {
  const user = getUser(world, id);
  if (user === undefined) {
    throw notFound(`The user ${id.slice(0, 100)} does not exist.`);
  }
  const email = `gdpr-synapse+${user.id}@sagebase.org`;
  renameUser(world, user.id, String(user.id));
  updateUser(world, user.id, {
    profile: {
      etag: world.uuid(),
      createdOn: user.profile.createdOn,
      email,
      firstName: '',
      lastName: '',
      openIds: [],
      notificationSettings: { sendEmailNotifications: false, markEmailedMessagesAsRead: false },
    },
    emails: [email],
    notificationEmail: email,
    passwordHash: undefined,
  });
}
