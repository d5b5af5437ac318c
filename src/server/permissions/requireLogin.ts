import type { Caller } from '../kernel/caller.js';
import { forbidden } from '../kernel/serviceError.js';
import { fixedPrincipals } from '../users/principals.js';

/** @throws 403 for callers without a token */
export function requireLogin(caller: Caller): void {
  if (caller.isAnonymous) {
    throw forbidden('Must login to perform this action.');
  }
}

/** Whether the caller belongs to the access and compliance team (ACT), or is an administrator. */
export function isAct(caller: Caller): boolean {
  return caller.isAdmin || caller.groups.has(fixedPrincipals.accessAndCompliance);
}

/** @throws 403 unless the caller is in the access and compliance team or an administrator */
export function requireAct(caller: Caller): void {
  if (!isAct(caller)) {
    throw forbidden('Only ACT member can perform this action.');
  }
}

/** @throws 403 unless the caller is an administrator */
export function requireAdmin(caller: Caller): void {
  if (!caller.isAdmin) {
    throw forbidden('Only an administrator can perform this action.');
  }
}
