import type * as M from '../../../generated/models.js';
import { checkToken, signToken, tokenSuffix } from '../auth/signedTokens.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { getUser, updateUser } from '../users/users.js';
import type { World } from '../world.js';

/** The unsubscribe link at the end of a mail. */
export function unsubscribeLink(world: World, userId: number, endpoint: string): string {
  return (
    endpoint +
    tokenSuffix(
      signToken(world, {
        concreteType: 'org.sagebionetworks.repo.model.message.NotificationSettingsSignedToken',
        userId: String(userId),
        settings: { sendEmailNotifications: false },
      }),
    )
  );
}

/** Whether a user wants to receive mails. */
export function wantsMail(world: World, userId: number): boolean {
  return getUser(world, userId)?.profile.notificationSettings?.sendEmailNotifications !== false;
}

/**
 * Changes the notification settings of the user in a token. No login is required.
 *
 * @throws 400, 403 for a token that this server did not sign, 404
 * @see https://rest-docs.synapse.org/rest/PUT/notificationSettings.html
 */
export function changeSettings(
  world: World,
  token: M.NotificationSettingsSignedToken,
): M.ResponseMessage {
  checkToken(world, token);
  if (token.userId === undefined || token.settings === undefined) {
    throw badRequest('The userId and the settings of the token are required.');
  }
  const user = getUser(world, token.userId);
  if (user === undefined) {
    throw notFound(`The user ${token.userId} does not exist.`);
  }
  updateUser(world, user.id, {
    profile: {
      ...user.profile,
      etag: world.uuid(),
      notificationSettings: { ...user.profile.notificationSettings, ...token.settings },
    },
  });
  return { message: 'You have successfully updated your email notification settings.' };
}
