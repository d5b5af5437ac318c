/**
 * The functions of the Python package `synapseutils`, with the client as the first argument: `synapseclient/synapseutils`.
 */
export { changeFileMetaData } from './changeFileMetaData.js';
export { copy, type SynapseutilsCopyOptions } from './copy.js';
export { copyFileHandles } from './copyFileHandles.js';
export { copyWiki } from './copyWiki.js';
export { describe } from './describe.js';
export { generateSyncManifest } from './generateSyncManifest.js';
export { indexFilesForMigration } from './indexFilesForMigration.js';
export { migrateIndexedFiles } from './migrateIndexedFiles.js';
export { notifyMe, type NotifyMeOptions } from './notifyMe.js';
export { readManifestFile } from './readManifestFile.js';
export { syncToSynapse } from './syncToSynapse.js';
export { syncFromSynapse } from './syncFromSynapse.js';
export { walk, type WalkedName, type WalkedPath, type WalkTuple } from './walk.js';
export type { WalkOptions } from '../sync/walkStep.js';
