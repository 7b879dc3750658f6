import { type AgentLoopOptions, replyToToolCall } from '../agent-loop.js';
import { extract } from '../extract.js';
import { Extractor } from '../extractor.js';
import { observe } from '../observe.js';
import { type Extracted, type ExtractedProgram, extractWith } from '../profiles.js';
import { select } from '../select.js';
import { parseToolCalls, type ToolSchema } from '../tool-calls.js';
import type { RunResult } from '../types.js';
import type { Loop } from './loops.js';
import type { Watcher } from './turn.js';

/** How the model writes tool calls, and how verl's agent loop answers them. */
export interface TextToolCallOptions extends AgentLoopOptions {
  /** A format of {@link parseToolCalls}. Default `hermes`. */
  format?: string;
  /** The name of the tool. Default `code_interpreter`. */
  name?: string;
}

/** What the framework makes of a turn. */
export interface Found {
  programs: Pick<ExtractedProgram, 'code' | 'language'>[];
  /** What the model reads where nothing runs; `null` when the rollout is done. */
  reply: string | null;
  /** What the model reads of a result. */
  observe(result: RunResult): string;
}

/** Reads turns as the framework behind a profile does. */
export interface TurnReader {
  /** Reads a turn; `text` is the turn, or all that was written so far where the loop reads that. */
  read(text: string, turn: string): Found;
  /** Looks for the end of the first program while the turn is written. */
  watch(): Watcher;
}

/** A turn without a program. */
export const NOTHING: Found = { programs: [], reply: null, observe: () => '' };

/** The reader of a profile. */
export function makeReader(
  profile: string,
  loop: Loop,
  languages: readonly string[],
  toolCalls: TextToolCallOptions,
): TurnReader {
  if (profile === 'llm') return readOwn(languages);
  return loop.callsTools ? readCalls(profile, toolCalls) : readAs(profile, loop);
}

function readAs(profile: string, { wordError = (message) => message }: Loop): TurnReader {
  return {
    read(text, action) {
      const { programs, reply, raised } = extractWith(text, { profile });
      return {
        programs,
        reply: reply ?? (raised ? wordError(raised.message) : null),
        observe: (result) => observe(result, { profile, action }).text,
      };
    },
    watch: () => watchWith((text) => extractWith(text, { profile })),
  };
}

/** What ends a program in the frameworks that cut a turn behind one. */
const PROGRAM_ENDS = ['```', '</python>', '</code>'];
const LONGEST_END = '</python>'.length;
/** How many times its length is read of a turn at most. */
const MAX_READINGS = 32;

/**
 * Reads the text so far when a program may have ended. In a turn with more ends than {@link MAX_READINGS} which end
 * nothing, a program is seen somewhat later: it is the same one, as nothing that stands behind it changes it.
 */
function watchWith(read: (text: string) => Extracted): Watcher {
  let text = '';
  let tail = '';
  let isDue = false;
  let lengthRead = 0;
  return {
    push(chunk) {
      text += chunk;
      // Looked for in the end alone: to look into the whole text copies it with every chunk.
      const end = tail + chunk;
      const from = Math.max(...PROGRAM_ENDS.map((one) => behindLast(end, one)));
      isDue ||= from > 0;
      tail = end.slice(Math.max(from, end.length - LONGEST_END + 1));
      if (!isDue || lengthRead > MAX_READINGS * text.length) return undefined;
      isDue = false;
      lengthRead += text.length;
      const { programs, kept } = read(text);
      return programs.length === 0 ? undefined : (kept?.length ?? text.length);
    },
    free() {},
  };
}

/** Where the last `mark` ends in a text; 0 where there is none. */
function behindLast(text: string, mark: string): number {
  const at = text.lastIndexOf(mark);
  return at === -1 ? 0 : at + mark.length;
}

/** verl's agent loop runs the first call of a turn that it can read, and answers every other call in words. */
function readCalls(
  profile: string,
  { format = 'hermes', name = 'code_interpreter', ...loop }: TextToolCallOptions,
): TurnReader {
  const parameters = { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] };
  const tools: ToolSchema[] = [{ type: 'function', function: { name, parameters } }];
  return {
    read(turn) {
      const call = parseToolCalls(turn, { format, tools }).calls.find(({ kind }) => kind === 'call');
      if (call?.kind !== 'call') return NOTHING;
      const answer = (said: { text: string } | { raised: string }): string => {
        const reply = replyToToolCall({ ...call, ...said }, { ...loop, tools: [name] });
        return 'text' in reply ? reply.text : reply.raised.message;
      };
      const code = readCode(call.arguments, profile);
      if (call.name !== name || typeof code !== 'string') {
        return { ...NOTHING, reply: answer(typeof code === 'string' ? { text: '' } : code) };
      }
      const { programs, raised } = extractWith(code, { profile });
      return {
        programs,
        reply: raised ? answer({ raised: raised.message }) : null,
        observe: (result) => answer({ text: observe(result, { profile }).text }),
      };
    },
    watch: () => ({ push: () => undefined, free() {} }),
  };
}

/** The argument `code` as the tools of verl take it, or the text of the exception that they raise over it. */
function readCode(json: string, profile: string): string | { raised: string } | { text: string } {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    // The agent loop finds this out by itself, as it does for what is no object.
    return { text: '' };
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { text: '' };
  const { code } = given as { code?: unknown };
  if (typeof code === 'string') return code;
  // `parameters.get("code", "")` and `str(code)` there, `parameters["code"]` and a regular expression here.
  if (profile === 'verl/tool') return code === undefined ? '' : String(code);
  if (code === undefined) return { raised: "'code'" };
  return { raised: `expected string or bytes-like object, got '${nameType(code)}'` };
}

/** Python's name for the type of a value of JSON. */
function nameType(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'dict';
}

function readOwn(languages: readonly string[]): TurnReader {
  return {
    read: (turn) => ({
      programs: select(extract(turn), { languages }),
      reply: null,
      observe: (result) => `${turn.endsWith('\n') ? '' : '\n'}${showOutput(observe(result).text)}`,
    }),
    watch() {
      const extractor = new Extractor();
      return {
        push(chunk) {
          for (const event of extractor.push(chunk)) {
            if (event.type !== 'close' || !event.block.closed) continue;
            if (select([event.block], { languages }).length > 0) return event.block.span.end;
          }
          return undefined;
        },
        free: () => extractor.free(),
      };
    },
  };
}

/** An `output` block whose fence is longer than every run of backticks in the text, which so cannot end it. */
function showOutput(text: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}output\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${fence}\n`;
}
