import { leave, observe } from './observe.mjs';

// Runs in processes that tests start, by `--import`.
const end = observe();
process.on('exit', () => leave(end()));
