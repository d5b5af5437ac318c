import { cache } from './cache.js';
import { certificates } from './certificates.js';
import type { Check } from './check.js';
import { clock } from './clock.js';
import { completion } from './completion.js';
import { configuration } from './configuration.js';
import { connection } from './connection.js';
import { credentials } from './credentials.js';
import { dns } from './dns.js';
import { endpoint } from './endpoint.js';
import { home } from './home.js';
import { installation } from './installation.js';
import { keychain } from './keychain.js';
import { login } from './login.js';
import { proxy } from './proxy.js';
import { storage } from './storage.js';
import { terminal } from './terminal.js';
import { versions } from './versions.js';

/** The checks of `synapse doctor`, in the order in which they are reported. */
export const checks: readonly Check[] = [
  versions,
  installation,
  configuration,
  credentials,
  keychain,
  home,
  cache,
  endpoint,
  proxy,
  certificates,
  dns,
  connection,
  clock,
  login,
  storage,
  completion,
  terminal,
];
