/**
 * The functions of the Python package `synapseutils`, with the client as the first argument: `synapseclient/synapseutils`.
 */
export { changeFileMetaData } from './changeFileMetaData.js';
export { copy, type SynapseutilsCopyOptions } from './copy.js';
export { copyFileHandles } from './copyFileHandles.js';
export { copyWiki } from './copyWiki.js';
export { walk } from './walk.js';
export type { WalkStep } from '../sync/walk.js';
