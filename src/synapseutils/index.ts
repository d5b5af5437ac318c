/**
 * The functions of the Python package `synapseutils`, with the client as the first argument: `synapseclient/synapseutils`.
 */
export { indexFilesForMigration } from './indexFilesForMigration.js';
export { migrateIndexedFiles } from './migrateIndexedFiles.js';
export { walk } from './walk.js';
export type { WalkStep } from '../sync/walk.js';
