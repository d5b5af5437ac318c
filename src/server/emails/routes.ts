import type { Router } from '../kernel/router.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { getUser, noEmail, updateUser } from '../users/users.js';
import type { World } from '../world.js';
import { sentMails } from './outbox.js';
import { changeSettings } from './unsubscribe.js';
import { addEmail, createAccount, offerAccount, offerEmail } from './validation.js';

/** Serves new accounts and e-mail addresses. Mails are stored on the server and not sent. */
export function emailRoutes(router: Router, world: World): void {
  router.extra('GET', '/admin/mails', ({ caller }) => {
    if (!caller.isAdmin) {
      throw forbidden('Only an administrator may do this.');
    }
    return { mails: sentMails(world) };
  });
  router.post('/repo/v1/account/emailValidation', ({ query, body }) =>
    offerAccount(world, body, query.portalEndpoint),
  );
  router.post('/repo/v1/account2', ({ body }) => createAccount(world, body));
  router.post('/repo/v1/account/{id}/emailValidation', ({ caller, path, query, body }) =>
    offerEmail(world, caller, { id: path.id, email: body.email, endpoint: query.portalEndpoint }),
  );
  router.post('/repo/v1/email', ({ caller, query, body }) =>
    addEmail(world, caller, body, query.setAsNotificationEmail ?? false),
  );
  router.delete('/repo/v1/email', ({ caller, query }) => {
    requireLogin(caller);
    const { emails = [], notificationEmail } = getUser(world, caller.userId) ?? {};
    if (query.email === notificationEmail) {
      throw badRequest(
        'To remove this email from your account, first establish a different notification address.',
      );
    }
    const wanted = query.email.toLowerCase();
    const left = emails.filter((email) => email.toLowerCase() !== wanted);
    if (left.length === emails.length) {
      throw noEmail(caller.userId, query.email);
    }
    updateUser(world, caller.userId, { emails: left });
  });
  router.put('/repo/v1/notificationSettings', ({ body }) => changeSettings(world, body));
}
