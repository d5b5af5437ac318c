import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { AccessReason, AccessTodo } from './accessExplanation.js';
import type { TargetId } from './accessTarget.js';
import { principalText } from './principalNames.js';
import type { Subject } from './whySubject.js';

/** Reasons and what to do about those that keep somebody out. */
export interface Findings {
  because: AccessReason[];
  todo: AccessTodo[];
}

/** What an explanation is about. */
export interface Question {
  target: TargetId & { name?: string };
  subject: Subject;
  types: readonly M.ACCESS_TYPE[];
  call: CallOptions;
}

/** That a user is an administrator. */
export function administrator({ named }: Subject): AccessReason {
  return {
    kind: 'administrator',
    allows: true,
    message: `${principalText(named)} is an administrator of Synapse.`,
  };
}
