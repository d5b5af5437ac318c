import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { deliverMessage } from './deliverMessage.js';
import { writeMessage } from './writeMessage.js';

/** A message that the service writes in the name of a user. */
export interface Notification {
  readonly createdBy: number;
  readonly recipientId: number;
  readonly subject: string;
  readonly html: string;
  /** The link in the message. */
  readonly link: string;
  /** Portal page for unsubscribing. */
  readonly unsubscribeEndpoint: string | undefined;
  /** Whether the message is marked as a notification. @default true */
  readonly isNotification?: boolean;
}

/** Puts a notification into the inbox of a user, and mails it if the user wants mails. */
export async function notify(world: World, notification: Notification): Promise<void> {
  const { recipientId, subject, html, link, isNotification = true } = notification;
  // What the anonymous user causes is sent in the name of the service.
  const createdBy =
    notification.createdBy === fixedPrincipals.anonymous
      ? fixedPrincipals.admin
      : notification.createdBy;
  const extras = {
    isNotificationMessage: isNotification,
    withUnsubscribeLink: true,
    withProfileSettingLink: false,
    ...(notification.unsubscribeEndpoint !== undefined && {
      notificationUnsubscribeEndpoint: notification.unsubscribeEndpoint,
    }),
  };
  await writeMessage(world, { createdBy, recipientId, subject, html, extras }, (message) =>
    deliverMessage(world, message, { html, link }),
  );
}
