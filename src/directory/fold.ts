/** Letters that have no decomposition but are typed without their stroke or as two. */
const LETTERS: { [letter: string]: string } = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
/** Most texts are: they need less work. */
const ASCII = /^[\u0000-\u007F]*$/;
const UMLAUTS: { [letter: string]: string } = { ä: 'ae', ö: 'oe', ü: 'ue' };

/** Text as it is compared: lower case, without diacritics. `Jürgen` and `JURGEN` are equal. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  return lower.normalize('NFKD').replace(/\p{M}+/gu, '').replace(/[ßøæœłđðþı]/g, (letter) => LETTERS[letter] ?? letter);
}

/** The folded words of a text; with German umlauts also as they are written without (`Jürgen`: `jurgen`, `juergen`). */
export function wordsOf(text: string): string[] {
  const words = split(fold(text));
  if (ASCII.test(text)) return words;
  const composed = text.toLowerCase().normalize('NFC');
  if (!/[äöü]/.test(composed)) return words;
  return [...new Set([...words, ...split(fold(composed.replace(/[äöü]/g, (letter) => UMLAUTS[letter] ?? letter)))])];
}

/** The words of a folded text: runs of letters and digits. */
export function split(folded: string): string[] {
  return folded.match(ASCII.test(folded) ? /[a-z0-9]+/g : /[\p{L}\p{N}]+/gu) ?? [];
}
