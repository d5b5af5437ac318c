export { startLocalSynapse, type LocalSynapse, type LocalUser } from './startLocalSynapse.js';
export type { LocalSynapseOptions } from './options.js';
export type { Conditions, ConditionSettings, RequestLimits } from './conditions/conditions.js';
export type { FaultRule } from './conditions/faultRule.js';
export type { ContractViolation } from './kernel/problems.js';
export type { LoggedRequest, RequestLog } from './kernel/requestLog.js';
export type { NewTestUser } from './users/adminUsers.js';
export type { OperationSupport } from './operationSupport.js';
