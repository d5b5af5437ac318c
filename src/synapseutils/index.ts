/**
 * The functions of the Python package `synapseutils`, with the client as the first argument: `synapseclient/synapseutils`.
 */
export { copyWiki } from './copyWiki.js';
export { walk, type WalkedName, type WalkedPath, type WalkTuple } from './walk.js';
export type { WalkOptions } from '../sync/walkStep.js';
