import { accessRoutes } from './access/routes.js';
import { activityRoutes } from './activities/routes.js';
import { authRoutes } from './auth/routes.js';
import { discussionRoutes } from './discussion/routes.js';
import { downloadListRoutes } from './downloadList/routes.js';
import { entitiesRoutes } from './entities/routes.js';
import { evaluationsRoutes } from './evaluations/routes.js';
import { favoriteRoutes } from './favorites/routes.js';
import { fileRoutes } from './files/routes.js';
import { jsonSchemaRoutes } from './jsonSchema/routes.js';
import type { Router } from './kernel/router.js';
import { tableRoutes } from './tables/routes.js';
import { messagesRoutes } from './messages/routes.js';
import { teamsRoutes } from './teams/routes.js';
import { accessRequirementRoutes } from './requirements/routes.js';
import { trashRoutes } from './trash/routes.js';
import { usersRoutes } from './users/routes.js';
import { wikiRoutes } from './wiki/routes.js';
import { verificationRoutes } from './verification/routes.js';
import { formRoutes } from './forms/routes.js';
import { dockerRoutes } from './docker/routes.js';
import { doiRoutes } from './doi/routes.js';
import { challengeRoutes } from './challenges/routes.js';
import { searchRoutes } from './search/routes.js';
import { portalRoutes } from './portals/routes.js';
import { curationRoutes } from './curation/routes.js';
import { gridRoutes } from './grid/routes.js';
import { agentRoutes } from './agents/routes.js';
import { webhookRoutes } from './webhooks/routes.js';
import { projectStorageRoutes } from './projectStorage/routes.js';
import { statisticsRoutes } from './statistics/routes.js';
import { drsRoutes } from './drs/routes.js';
import { restResourceRoutes } from './restResources/routes.js';
import { logRoutes } from './logs/routes.js';
import { realmRoutes } from './realm/routes.js';
import { quizRoutes } from './quiz/routes.js';
import { profileImageRoutes } from './profileImages/routes.js';
import { oauthClientRoutes } from './oauthClients/routes.js';
import { emailRoutes } from './emails/routes.js';
import type { World } from './world.js';

/** Adds the routes of a domain. */
export type Routes = (router: Router, world: World) => void;

/** The routes of every domain that the server models. */
export const allRoutes: readonly Routes[] = [
  authRoutes,
  usersRoutes,
  entitiesRoutes,
  accessRoutes,
  activityRoutes,
  trashRoutes,
  fileRoutes,
  tableRoutes,
  teamsRoutes,
  wikiRoutes,
  evaluationsRoutes,
  messagesRoutes,
  discussionRoutes,
  favoriteRoutes,
  downloadListRoutes,
  jsonSchemaRoutes,
  accessRequirementRoutes,
  verificationRoutes,
  emailRoutes,
  oauthClientRoutes,
  profileImageRoutes,
  quizRoutes,
  realmRoutes,
  logRoutes,
  restResourceRoutes,
  drsRoutes,
  statisticsRoutes,
  projectStorageRoutes,
  webhookRoutes,
  agentRoutes,
  gridRoutes,
  curationRoutes,
  portalRoutes,
  searchRoutes,
  challengeRoutes,
  doiRoutes,
  dockerRoutes,
  formRoutes,
];
