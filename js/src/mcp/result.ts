/** In the embedded sandbox a program touches only files that end with it, and reaches no network. */
export const HARMLESS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** What a call of the tool gives. */
export interface McpToolResult {
  content: { type: 'text'; text: string }[];
  /** Only where there is no result: a program that failed is none of these. */
  isError?: boolean;
  [key: string]: unknown;
}

interface Notification {
  method: 'notifications/progress';
  params: { progressToken: string | number; progress: number; message: string };
}

/** What a call gets beside its arguments, in version 1 of the SDK. */
interface ContextOfV1 {
  signal?: AbortSignal;
  _meta?: { progressToken?: string | number | undefined } | undefined;
  sendNotification?: (notification: Notification) => Promise<void>;
}

/** The same in version 2. */
interface ContextOfV2 {
  mcpReq: {
    signal?: AbortSignal;
    _meta?: { progressToken?: string | number | undefined } | undefined;
    notify?: (notification: Notification) => Promise<void>;
  };
}

/** A call, from either version of the SDK. */
export type McpContext = ContextOfV1 | ContextOfV2;

/** A result that is one text. */
export function toMcpResult(text: string, isError = false): McpToolResult {
  return { content: [{ type: 'text', text }], ...(isError && { isError }) };
}

/** Tells a client that asked for progress what a program writes; the progress is the number of UTF-16 units so far. */
export function reportProgress(context: McpContext): ((stream: string, text: string) => void) | undefined {
  const { _meta, notify } =
    'mcpReq' in context ? context.mcpReq : { _meta: context._meta, notify: context.sendNotification };
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined || notify === undefined) return undefined;
  let progress = 0;
  return (_stream, message) => {
    progress += message.length;
    // A client that is gone misses nothing: its call ends anyway.
    notify({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(
      () => {},
    );
  };
}
