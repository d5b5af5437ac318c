/**
 * The functions of the Python package `synapseutils`, with the client as the first argument: `synapseclient/synapseutils`.
 */
export { generateSyncManifest } from './generateSyncManifest.js';
export { readManifestFile } from './readManifestFile.js';
export { walk } from './walk.js';
export type { WalkStep } from '../sync/walk.js';
