/** How a shell quotes. */
export interface QuotingRules {
  /** What makes the next character literal outside of single quotes. */
  escape: '\\' | '`';
  /** Whether two single quotes within single quotes stand for one. */
  isDoubled: boolean;
}

export const bashRules: QuotingRules = { escape: '\\', isDoubled: false };

/** A command line, up to the cursor. */
export interface SplitLine {
  /** The words without their quotes. The last one is at the cursor. */
  words: string[];
  /** The last word as it was typed. */
  raw: string;
  /** The quote that is open at the cursor. */
  quote: '' | '"' | "'";
  /** Whether the last word names a file that input or output goes to. */
  isRedirection: boolean;
}

/** Splits a command line as its shell does. Nothing is expanded. */
export function splitLine(line: string, { escape, isDoubled }: QuotingRules): SplitLine {
  const split: SplitLine = { words: [''], raw: '', quote: '', isRedirection: false };
  /** Whether the word has begun: an empty pair of quotes is a word. */
  let isBegun = false;
  const add = (text: string): void => {
    split.words.push((split.words.pop() ?? '') + text);
    isBegun = true;
  };
  const end = (): void => {
    // What follows a redirection is no argument.
    if (split.isRedirection && isBegun) {
      split.words[split.words.length - 1] = '';
      split.isRedirection = false;
    } else if (isBegun) split.words.push('');
    isBegun = false;
    split.raw = '';
  };
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    const next = line.charAt(index + 1);
    const isEscape = character === escape && split.quote !== "'";
    if (split.quote === '' && /\s/.test(character)) {
      end();
      continue;
    }
    if (split.quote === '' && /[<>]/.test(character)) {
      // The number of a stream, as in `2>`, belongs to the redirection.
      if (/^\d$/.test(split.words.at(-1) ?? '')) split.words[split.words.length - 1] = '';
      else end();
      split.isRedirection = true;
      isBegun = false;
      split.raw = '';
      continue;
    }
    split.raw += character;
    if (isEscape && next !== '') {
      // Within double quotes, bash keeps a backslash before most characters.
      const isKept = split.quote === '"' && escape === '\\' && !/["$`\\]/.test(next);
      add(isKept ? character + next : next);
      split.raw += next;
      index += 1;
    } else if (isDoubled && split.quote === "'" && character === "'" && next === "'") {
      add("'");
      split.raw += next;
      index += 1;
    } else if (character === split.quote) split.quote = '';
    else if (split.quote === '' && (character === '"' || character === "'")) {
      split.quote = character;
      isBegun = true;
    } else if (!isEscape) add(character);
  }
  return split;
}
