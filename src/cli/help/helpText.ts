/** How help is laid out. */
export interface HelpLayout {
  /** Columns of the terminal. */
  width: number;
  /** Formats the titles of sections. */
  heading: (title: string) => string;
}

/** A part of a help page: its title, and its lines. Parts without lines are left out. */
export type HelpSection = readonly [title: string, lines: readonly string[]];

/** A page of help: a summary, and sections. */
export function helpText(
  summary: string,
  sections: readonly HelpSection[],
  { heading }: HelpLayout,
): string {
  const parts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [heading(title), ...lines].join('\n'));
  return `${[summary, ...parts].join('\n\n')}\n`;
}
