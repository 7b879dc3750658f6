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

/** What a call tells of itself while it runs. */
export interface ProgressReport {
  /** Takes output as it comes; `undefined` when the client did not ask for progress. */
  onOutput: ((stream: string, text: string) => void) | undefined;
  /** Resolves when everything was sent, as nothing may follow the call's result. */
  flush(): Promise<void>;
}

/**
 * Tells a client that asked for progress what a program writes; the progress is the number of UTF-16 units so far.
 * One message is under way at a time, and what is written meanwhile goes into the next.
 */
export function reportProgress(context: McpContext): ProgressReport {
  const { _meta, notify } =
    'mcpReq' in context ? context.mcpReq : { _meta: context._meta, notify: context.sendNotification };
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined || notify === undefined)
    return { onOutput: undefined, flush: async () => {} };
  let progress = 0;
  let waiting = '';
  let sending: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    while (waiting !== '') {
      const message = waiting;
      waiting = '';
      progress += message.length;
      const params = { progressToken, progress, message };
      // A client that is gone misses nothing: its call ends anyway.
      await notify({ method: 'notifications/progress', params }).catch(() => {});
    }
    sending = undefined;
  };
  return {
    onOutput: (_stream, text) => {
      waiting += text;
      sending ??= send();
    },
    flush: async () => sending,
  };
}
