import { callCore } from './call.js';
import * as catalogue from './generated/catalogue.js';
import type { Span } from './types.js';

/** One way to write tool calls, as one framework reads it. */
export interface ToolCallFormat {
  name: string;
  /** Where the original stands, and its commit. */
  source: string;
  description: string;
}

/** A tool as the chat completions interface describes it. */
export interface ToolSchema {
  type: 'function';
  function: {
    name: string;
    description?: string;
    parameters?: {
      type?: string;
      properties?: Record<string, { type?: string | string[] } & Record<string, unknown>>;
      required?: string[];
    };
  };
}

/** How to read tool calls. */
export interface ToolCallOptions {
  /** One of {@link toolCallFormats}, `hermes` for one. Default: the one whose marks stand in the text. */
  format?: string;
  /** The tools that the model knows: `qwen3_coder` reads values, and `kimi` names, by their schemas. */
  tools?: readonly ToolSchema[];
  /** The padding token of the tokenizer, which some formats leave out. Default: that of the format's models. */
  padToken?: string;
  /**
   * Whether to go beyond the original: calls inside of `<think>` and truncated calls are told apart, and common
   * faults of JSON repaired. Default: no.
   */
  robust?: boolean;
}

/** A fault that was repaired to read a call. */
export type ToolCallRepair =
  | 'control_character'
  | 'trailing_comma'
  | 'single_quotes'
  | 'inner_quote'
  | 'python_constant'
  | 'fence'
  | 'arguments_in_string'
  | 'missing_end'
  | 'text_kept';

/** One tool call as the model wrote it. */
export type ParsedToolCall =
  | {
      kind: 'call';
      /** The name of the tool: a text, but for `rllm_qwen`, which takes any JSON. */
      name: string;
      /** The arguments as JSON text, as the framework writes it; `NaN` and `Infinity` may stand in it. */
      arguments: string;
      /** The identifier that the model gave the call; only `kimi` has one. */
      id: string | null;
      span: Span;
      repairs: ToolCallRepair[];
    }
  | {
      kind: 'unreadable';
      /** What is wrong, in the words of the original where it has words. */
      reason: string;
      /** What the framework tells the model; `null` where it says nothing. */
      reply: string | null;
      span: Span;
    }
  /** The text ends in this call. With `robust` only. */
  | { kind: 'truncated'; span: Span }
  /** The call stands inside of `<think>` and is not to be run. With `robust` only. */
  | { kind: 'thinking'; span: Span };

/** An exception of Python that the original lets out. */
export interface PythonException {
  type: string;
  message: string;
}

/** What a text holds in one format. */
export interface ParsedToolCalls {
  /** The format that they were read in; `null` for a text without marks of any. */
  format: string | null;
  /** The text beside the calls, as the framework keeps it. */
  content: string;
  calls: ParsedToolCall[];
  /** The exception with which the original gives up the whole text. */
  raised: PythonException | null;
}

/**
 * Finds the tool calls of a text, exactly as the framework of the format finds them; what it drops without a word is
 * a value here.
 *
 * @throws {RunError} `invalid_options` for a format that there is not.
 */
export function parseToolCalls(text: string, options: ToolCallOptions = {}): ParsedToolCalls {
  return callCore('parseToolCalls', text, options);
}

/**
 * The program in the arguments of a tool call, as rollouts are read: `code`, in the `language` given; a tool that is named
 * for running code may call its code otherwise, or take it bare.
 *
 * @param json the arguments, as JSON text.
 * @returns `null` where there is none.
 */
export function readCallProgram(name: string, json: string): { code: string; language: string } | null {
  return callCore('readCallProgram', json, { name });
}

/** All formats that {@link parseToolCalls} reads. */
export function toolCallFormats(): ToolCallFormat[] {
  return structuredClone(catalogue.toolCallFormats) as ToolCallFormat[];
}
