import { registerFiles } from './files/register.js';
import { registerTables } from './tables/register.js';
import { registerTeams } from './teams/register.js';
import { registerWikis } from './wiki/register.js';
import { registerEvaluations } from './evaluations/register.js';
import { registerMessages } from './messages/register.js';
import { registerDiscussion } from './discussion/register.js';
import { registerFavorites } from './favorites/register.js';
import { registerDownloadLists } from './downloadList/register.js';
import { registerJsonSchemas } from './jsonSchema/register.js';
import { registerRequirements } from './requirements/register.js';
import { registerVerification } from './verification/register.js';
import { registerProfileImages } from './profileImages/register.js';
import { registerBulkDownloads } from './bulkDownloads/register.js';
import { registerStorageReports } from './storageReports/register.js';
import { registerAgents } from './agents/register.js';
import { registerGrids } from './grid/register.js';
import { registerCuration } from './curation/register.js';
import { registerChallenges } from './challenges/register.js';
import { registerDois } from './doi/register.js';
import { registerDocker } from './docker/register.js';
import { registerForms } from './forms/register.js';
import { registerWebhooks } from './webhooks/register.js';
import type { World } from './world.js';

/**
 * Connects a domain to the others: listeners to their changes, the objects that refer to files, and
 * the handlers of asynchronous jobs.
 */
export type Register = (world: World) => void;

/** What every domain registers before the routes are served; listeners are called in this order. */
export const allRegistrations: readonly Register[] = [
  registerFiles,
  registerTables,
  registerTeams,
  registerWikis,
  registerEvaluations,
  registerMessages,
  registerDiscussion,
  registerFavorites,
  registerDownloadLists,
  registerJsonSchemas,
  registerRequirements,
  registerVerification,
  registerProfileImages,
  registerBulkDownloads,
  registerStorageReports,
  registerAgents,
  registerGrids,
  registerCuration,
  registerChallenges,
  registerDois,
  registerDocker,
  registerForms,
  registerWebhooks,
];
