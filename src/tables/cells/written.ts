/** The text of a cell, or why the value has none. */
export type Written = string | Misfit;

/** Why a value does not fit its column: the end of a sentence that begins with the value. */
export interface Misfit {
  reason: string;
}

const loneSurrogate = /\p{Cs}/u;

/** Whether a text is half of a character, or has one: UTF-8 has no such texts, and Synapse would store `?` instead. */
export function isBroken(text: string): boolean {
  return loneSurrogate.test(text);
}

export const brokenText: Misfit = {
  reason: 'has half of a surrogate pair, which is not a character and cannot be sent as UTF-8',
};
