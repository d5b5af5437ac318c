/** Finds the finished jobs whose results later starts may reuse. */
export class JobResults {
  /** Keys of running and finished jobs, by job. */
  readonly #keys = new Map<string, string>();
  /** Finished jobs, by key. */
  readonly #jobs = new Map<string, string>();

  /** The job with the result of a key. */
  find(key: string): string | undefined {
    return this.#jobs.get(key);
  }

  /** Notes the key of a job that starts. */
  expect(id: string, key: string): void {
    this.#keys.set(id, key);
  }

  /** Offers the result of a job to later starts, unless its key has changed while it ran. */
  settle(id: string, currentKey: () => string | undefined): void {
    const key = this.#keys.get(id);
    if (key !== undefined && key === currentKey()) {
      this.#jobs.set(key, id);
    } else {
      this.forget(id);
    }
  }

  /** Forgets a job that failed, or whose result is deleted. */
  forget(id: string): void {
    const key = this.#keys.get(id);
    if (key !== undefined && this.#jobs.get(key) === id) {
      this.#jobs.delete(key);
    }
    this.#keys.delete(id);
  }
}
