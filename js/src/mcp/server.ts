import {
  fromJsonSchema,
  type JsonSchemaType,
  McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { codeTool } from '../adapters/mcp.js';
import { RunError } from '../error.js';
import { extract } from '../extract.js';
import type { HarnessToolOptions } from '../harness-tool.js';
import { observe } from '../observe.js';
import { extractWith } from '../profiles.js';
import { type SelectOptions, select } from '../select.js';
import type { RunRequest, Sandbox } from '../types.js';
import { HARMLESS, type McpToolResult, reportProgress, toMcpResult } from './result.js';

/** Options of {@link createMcpServer}. */
export interface McpServerOptions {
  /** Where programs run. Every server of a process shares it. */
  sandbox: Sandbox;
  /** Whether that is the embedded sandbox, of which clients may be told that it is harmless. */
  isEmbedded: boolean;
  /** The version that the server tells. */
  version: string;
  /** The languages that run, by SandboxFusion's names. */
  languages: readonly string[];
  /** The framework's profile that words observations. */
  profile?: string | undefined;
  /** What every request has besides its code and language. */
  request: Omit<RunRequest, 'code' | 'language'>;
}

/** A server with `run_code`, `extract_code` and `run_blocks`. */
export function createMcpServer(options: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'fencerun', version: options.version });
  const annotations = options.isEmbedded ? HARMLESS : {};
  const tool = codeTool(toToolOptions(options));
  server.registerTool(
    tool.name,
    { ...tool.config, annotations: { ...tool.config.annotations, ...annotations } },
    tool.callback,
  );
  server.registerTool(
    'extract_code',
    {
      title: 'Extract code',
      description:
        'Finds the code blocks in a text that a model wrote: fenced code as Markdown has it, with repairs for what models ' +
        'get wrong. Answers a JSON array of blocks. With a profile, finds the programs that this framework would run.',
      inputSchema: fromJsonSchema<ExtractInput>(EXTRACT_INPUT),
      annotations: { title: 'Extract code', ...HARMLESS },
    },
    extractCode,
  );
  server.registerTool(
    'run_blocks',
    {
      title: 'Run code blocks',
      description:
        'Finds the code blocks in a text that a model wrote, runs them in a sandbox and returns what each wrote to stdout ' +
        `and stderr, one text a program. Runs ${options.languages.join(' and ')}.`,
      inputSchema: fromJsonSchema<BlocksInput>(BLOCKS_INPUT),
      annotations: { title: 'Run code blocks', ...annotations },
    },
    (input, context) => runBlocks(input, context, options),
  );
  return server;
}

function toToolOptions({ sandbox, languages, profile, request }: McpServerOptions): HarnessToolOptions {
  return { sandbox, languages, request, ...(profile !== undefined && { profile }) };
}

interface ExtractInput {
  text: string;
  profile?: string;
}

interface BlocksInput {
  text: string;
  choice?: NonNullable<SelectOptions['choice']>;
}

const TEXT = { type: 'string', description: 'The whole text.' } as const;

const EXTRACT_INPUT: JsonSchemaType = {
  type: 'object',
  properties: {
    text: TEXT,
    profile: {
      type: 'string',
      description: 'A profile, as `verl/retool` or `smolagents`; `llm` if left out.',
    },
  },
  required: ['text'],
  additionalProperties: false,
};

const BLOCKS_INPUT: JsonSchemaType = {
  type: 'object',
  properties: {
    text: TEXT,
    choice: {
      type: 'string',
      enum: ['first', 'last', 'all', 'joined'],
      description: 'Which blocks run: `all`, each by itself, if left out; `joined`: as one program.',
    },
  },
  required: ['text'],
  additionalProperties: false,
};

function extractCode({ text, profile }: ExtractInput): McpToolResult {
  return orRefuse(() => {
    const isOfFramework = profile !== undefined && profile !== 'llm' && profile !== 'commonmark';
    const found = isOfFramework
      ? extractWith(text, { profile })
      : extract(text, { profile: profile ?? 'llm' });
    return toMcpResult(JSON.stringify(found));
  });
}

async function runBlocks(
  { text, choice = 'all' }: BlocksInput,
  context: ServerContext,
  { sandbox, languages, profile, request }: McpServerOptions,
): Promise<McpToolResult> {
  const programs = select(extract(text), { languages, choice });
  if (programs.length === 0) {
    return toMcpResult(`nothing to run: no code block in ${languages.join(' or ')}`, true);
  }
  const { signal } = context.mcpReq;
  const { onOutput, flush } = reportProgress(context);
  const content: McpToolResult['content'] = [];
  for (const { code, language } of programs) {
    try {
      const result = await sandbox.runCode({ ...request, code, language }, { signal, onOutput });
      await flush();
      const { text: seen } = observe(result, profile === undefined ? undefined : { profile, action: text });
      content.push({ type: 'text', text: seen });
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof RunError)) throw thrown;
      // What ran before is kept: the model can go on from it.
      return { content: [...content, { type: 'text', text: thrown.message }], isError: true };
    }
  }
  return { content };
}

function orRefuse(answer: () => McpToolResult): McpToolResult {
  try {
    return answer();
  } catch (thrown) {
    if (!(thrown instanceof RunError)) throw thrown;
    return toMcpResult(thrown.message, true);
  }
}
