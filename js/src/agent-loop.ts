import { callCore } from './call.js';
import type { PythonException } from './tool-calls.js';

/** How verl's agent loop is set up. */
export interface AgentLoopOptions {
  /** `old` for the texts before April 2026 and the sides before May 2026, `new` since. Default `old`. */
  wording?: 'old' | 'new';
  /** How many code points of a tool's text the model gets to see. Default 256. */
  maxLength?: number;
  /** verl's `tool_response_truncate_side`; whatever is neither side cuts the middle. Default `middle`. */
  side?: string;
}

/** One call of a tool, and what the tool makes of it. */
export interface AnsweredToolCall {
  name: string;
  /** The arguments as the model wrote them. */
  arguments: string;
  /** What the tool answers. */
  text?: string;
  /** The text of the exception that the tool raises instead. */
  raised?: string;
}

/** What becomes of a value that a function gave back. */
export interface FunctionResult {
  text: string;
  reward: number;
  metrics: Record<string, unknown>;
}

/**
 * What the model reads for a call: the tool's text, cut, or what is wrong with the call, in verl's words.
 * `raised` is what the agent loop itself lets out.
 */
export function replyToToolCall(
  call: AnsweredToolCall,
  options: AgentLoopOptions & { tools: readonly string[] },
): { text: string } | { raised: PythonException } {
  return callCore('replyToToolCall', '', { ...call, ...options });
}

/** Cuts a text as verl cuts what a tool answers, counted in code points. */
export function truncateToolText(text: string, options: AgentLoopOptions = {}): string {
  return callCore('truncateToolText', '', { text, ...options });
}

/** What gpt-oss reads of its tools: pairs of a name and a text, and the start of its next message. */
export function writeGptOssReplies(replies: readonly (readonly [name: string, text: string])[]): string {
  return callCore('writeGptOssReplies', '', replies);
}

/**
 * Reads what a function tool gave back, as JSON text, since `1.0` and `1` are two values to Python. A tuple is a list
 * with `isTuple`. `raised` is what verl raises instead.
 */
export function readFunctionResult(
  json: string,
  options: { isTuple?: boolean } = {},
): FunctionResult | { raised: PythonException } {
  return callCore('readFunctionResult', json, options);
}
