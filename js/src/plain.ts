import type { Block } from './types.js';

// What most models write needs no parser: their fences start their lines, and between two of them there is no third.
// Such texts are read here, at the speed of `indexOf`, without a copy in UTF-8. Whatever is not certainly so is left
// to the core, whose answer would be the same: `tests/node/plain.test.mjs` compares the two.

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const BYTE_ORDER_MARK = 0xfeff;

/** The characters of tags that mean themselves in an info string: no escape, no reference, no brace. */
const IN_TAG = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+#.-') {
  IN_TAG[character.charCodeAt(0)] = 1;
}

/** Matches soon in a text of two bytes a character, and at once not at all in one of one byte. */
const WIDE = /[^\0-\xff]/;
/** What is no ASCII, or NUL: only where it is found must one look for what the core replaces. */
const OTHER = /[\0\x80-\uffff]/;
/** What may open an HTML block that a blank line does not end (section 4.6 of CommonMark 0.31.2). */
const LONG_HTML = /<(?:[!?]|sc|st|pr|te)/iy;

/**
 * The blocks of a text that is plain, each a fenced one outside of containers, closed, with no repair; `null` if it is
 * not certainly plain.
 *
 * A fence at the very start of a line is hidden by no container, for it continues none (section 5 of CommonMark
 * 0.31.2), and ends a paragraph (section 4.5). So only an HTML block can hide it.
 *
 * @param endsInString Whether a program, if it is Python, ends inside a triple-quoted string.
 */
export function extractPlain(text: string, endsInString: (code: string) => boolean): Block[] | null {
  let open = text.indexOf('```');
  if (text.indexOf('~~~') !== -1) return null;
  if (open === -1) return [];
  if (text.indexOf('\r') !== -1 || text.charCodeAt(0) === BYTE_ORDER_MARK) return null;
  const isWide = WIDE.test(text);
  if (!isWide && (text.indexOf('\0') !== -1 || !text.isWellFormed())) return null;

  const blocks: Block[] = [];
  const html = new Finder(text, '<');
  const blank = new Finder(text, '\n\n');
  const single = new Finder(text, "'''");
  const double = new Finder(text, '"""');
  let proseStart = 0;
  while (open !== -1) {
    if (open > 0 && text.charCodeAt(open - 1) !== LINE_FEED) return null;
    for (let at = html.from(proseStart); at < open; at = html.from(at + 1)) {
      if (!startsLine(text, at)) continue;
      LONG_HTML.lastIndex = at;
      if (LONG_HTML.test(text) || blank.from(at) > open - 2) return null;
    }
    const tagStart = open + 3;
    let tagEnd = tagStart;
    while (IN_TAG[text.charCodeAt(tagEnd)] === 1) tagEnd += 1;
    if (text.charCodeAt(tagEnd) !== LINE_FEED) return null;

    const codeStart = tagEnd + 1;
    const close = text.indexOf('```', codeStart);
    if (close === -1 || text.charCodeAt(close - 1) !== LINE_FEED) return null;
    const end = close + 3;
    if (end < text.length && text.charCodeAt(end) !== LINE_FEED) return null;
    const code = text.slice(codeStart, close);
    if (isWide && OTHER.test(code) && (code.indexOf('\0') !== -1 || !code.isWellFormed())) return null;
    if ((single.from(codeStart) < close || double.from(codeStart) < close) && endsInString(code)) return null;

    const info = text.slice(tagStart, tagEnd);
    blocks.push({
      kind: 'fenced',
      lang: info === '' ? null : info,
      info,
      code,
      span: { start: open, end },
      codeSpan: { start: codeStart, end: close },
      closed: true,
      depth: 0,
      repairs: [],
    });
    proseStart = end;
    open = text.indexOf('```', end);
  }
  return blocks;
}

/** Whether nothing but white space stands before `at` in its line. */
function startsLine(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const code = text.charCodeAt(before);
    if (code === LINE_FEED) return true;
    if (code !== SPACE && code !== TAB) return false;
  }
  return true;
}

/** Finds a string again and again, further and further on: each part of the text is searched once. */
class Finder {
  readonly #text: string;
  readonly #string: string;
  #found = -1;

  constructor(text: string, string: string) {
    this.#text = text;
    this.#string = string;
  }

  /** The first place not before `at`; infinity if there is none. Never called for an earlier place again. */
  from(at: number): number {
    if (this.#found < at) {
      const found = this.#text.indexOf(this.#string, at);
      this.#found = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#found;
  }
}
