/** The cost of one slice of work on tables: rows that are combined, and text that is read. */
const maxWork = 500_000;

/** Characters of text that count as much as one row. */
const charactersPerUnit = 256;

/** Maximum number of characters of a computed text; MySQL has such a limit too. */
const maxTextLength = 16 * 1024 * 1024;

/**
 * Limits how long one statement may keep the server busy. Statements run on the thread that serves
 * every user and cannot be interrupted, so those that multiply rows or text count what they do.
 */
export class WorkBudget {
  #left = maxWork;

  /** Allows the next piece of work the whole budget. */
  reset(): void {
    this.#left = maxWork;
  }

  /** Counts rows, or one row with a long condition. @throws when the budget is used up */
  countRows(units: number): void {
    this.#count(units);
  }

  /** Counts a text that is about to be read or made. @throws for one that is too long, too */
  countText(length: number): void {
    if (length > maxTextLength) {
      throw new Error(
        `A computed text would have ${length} characters, more than ${maxTextLength}.`,
      );
    }
    this.#count(Math.ceil(length / charactersPerUnit));
  }

  #count(units: number): void {
    this.#left -= units;
    if (this.#left < 0) {
      throw new Error(
        `The query takes too much work: it combines more than ${maxWork} rows, or reads as much ` +
          'text. Join tables by equal columns, and select fewer rows.',
      );
    }
  }
}
