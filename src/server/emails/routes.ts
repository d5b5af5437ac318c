import type { Router } from '../kernel/router.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { getUser, updateUser } from '../users/users.js';
import type { World } from '../world.js';

/** Serves what can be done with e-mail addresses without sending mail. */
export function emailRoutes(router: Router, world: World): void {
  router.delete('/repo/v1/email', ({ caller, query }) => {
    requireLogin(caller);
    const { emails = [], notificationEmail } = getUser(world, caller.userId) ?? {};
    const wanted = query.email.toLowerCase();
    const left = emails.filter((email) => email.toLowerCase() !== wanted);
    if (left.length === emails.length) {
      throw notFound('This e-mail address is not one of yours.');
    }
    if (notificationEmail?.toLowerCase() === wanted) {
      throw badRequest('To remove this email, you must first change your notification email.');
    }
    updateUser(world, caller.userId, { emails: left });
  });
}
