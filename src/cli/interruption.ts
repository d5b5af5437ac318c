/** Aborts at the first Ctrl-C or SIGTERM. A process runs one command. */
export const interruption = new AbortController();
