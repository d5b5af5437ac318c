export { startLocalSynapse, type LocalSynapse, type LocalUser } from './startLocalSynapse.js';
export type { LocalSynapseOptions } from './options.js';
export type { Conditions, ConditionSettings, RequestLimits } from './conditions/conditions.js';
export { parseConditions } from './conditions/parseConditions.js';
export type { FaultRule } from './conditions/faultRule.js';
export type { ContractViolation } from './kernel/problems.js';
export type { Mail } from './emails/outbox.js';
export type { WebhookDelivery } from './webhooks/webhookDelivery.js';
export type { LoggedRequest, RequestLog } from './kernel/requestLog.js';
export type { NewTestUser } from './users/adminUsers.js';
export type { OperationSupport } from './operationSupport.js';
export type { ExportSummary } from './seed/exportFixture.js';
export { SeedError } from './seed/fixture.js';
export type {
  Fixture,
  FixtureAccess,
  FixtureAnnotation,
  FixtureCell,
  FixtureEntity,
  FixtureFile,
  FixtureFolder,
  FixtureProject,
  FixtureTable,
  FixtureTeam,
  FixtureUser,
  FixtureValue,
} from './seed/fixture.js';
export { readDataDirState, resetDataDir, type DataDirState } from './state/dataDirState.js';
export {
  DataDamageError,
  type Damage,
  type LostData,
  type RecoveryReport,
} from './state/dataCheck.js';
