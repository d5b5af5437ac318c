/** One suggestion for the word at the cursor. */
export interface Candidate {
  /** The whole word that it makes. */
  value: string;
  /** Shown beside the value, by shells that can. */
  description?: string | undefined;
  /** Whether the word goes on after the value, as after `syn://Project/`: no space follows. */
  isPartial?: boolean | undefined;
  /** Whether the value says nothing without its description, as an id: every shell shows it. */
  isId?: boolean | undefined;
  /** The name that begins with what was typed, where the value does not. */
  name?: string | undefined;
}

/** What the shell offers besides the candidates. It quotes the names of files better than anybody else. */
export type LocalFiles = 'none' | 'files' | 'directories';

/** What can be at the cursor. */
export interface Completions {
  candidates: readonly Candidate[];
  files: LocalFiles;
}

export const nothing: Completions = { candidates: [], files: 'none' };
