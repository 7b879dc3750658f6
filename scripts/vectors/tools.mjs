// Tool calls, the answers to them and the clients' ways with a sandbox: verl, rllm, rStar, SandboxFusion, ToRL.

import { raise } from './outcome.mjs';

/** For each function, what the package `api` gives for an input and its keyword arguments. */
export const mappings = {
  verl_hermes: verlParser('hermes'),
  verl_new_hermes: verlParser('hermes'),
  verl_gpt_oss: verlParser('gpt-oss'),
  verl_new_qwen3_coder: verlParser('qwen3_coder'),
  verl_new_glm: verlParser('glm'),
  verl_new_seed: verlParser('seed'),
  verl_new_minimax: verlParser('minimax'),
  verl_new_kimi: verlParser('kimi'),
  verl_new_deepseek_v4: verlParser('deepseek_v4'),
  verl_new_gemma4: verlParser('gemma4'),
  rstar_hermes: verlParser('rstar2_agent_hermes'),
  rllm_qwen_tool_parser: rllmParser('rllm_qwen'),
  rllm_r1_tool_parser: rllmParser('deepseek_r1'),
  roll_qwen3coder_parse_action: rollParser,
  verl_call_tool_old: callTool('old'),
  verl_call_tool_new: callTool('new'),
  verl_truncate_old: truncate('old'),
  verl_truncate_new: truncate('new'),
  verl_gpt_oss_tool_response: (api, input) => api.writeGptOssReplies(input),
  verl_normalize_function_tool_return: normalizeReturn,
  verl_call_sandbox_api: callSandbox,
  sf_parse_run_status: (api, input) => api.readRunStatus(input),
  sf_summary_run_code_result: (api, input, { mapping = {} }) =>
    takeOrRaise(api.summarizeRun(input, mapping)).word,
  torl_sandbox_response_to_pair: (api, input) => api.readTorlPair(input),
};

function parse(api, format, input, { tools, pad_token: padToken }) {
  return api.parseToolCalls(input, { format, tools, padToken });
}

/** verl's and rStar's parsers give a text and calls; of what cannot be read only rStar's says something. */
function verlParser(format) {
  return (api, input, kwargs) => {
    const { content, calls } = parse(api, format, input, kwargs);
    return {
      content,
      tool_calls: calls.flatMap((call) => {
        if (call.kind === 'unreadable') return call.reply === null ? [] : [{ error_response: call.reply }];
        const id = call.id === null ? {} : { tool_call_id: call.id };
        return [{ name: call.name, arguments: call.arguments, ...id }];
      }),
    };
  };
}

/** rllm's parsers give calls alone, or raise. */
function rllmParser(format) {
  return (api, input, kwargs) => {
    const { calls, raised } = parse(api, format, input, kwargs);
    if (raised) raise(raised);
    return calls
      .filter((call) => call.kind === 'call')
      .map((call) => ({ name: call.name, arguments_json: call.arguments }));
  };
}

/** ROLL's parser gives calls, or a text for the model when there is none or one that is not complete. */
function rollParser(api, input, kwargs) {
  const { calls } = parse(api, 'roll_qwen3_coder', input, kwargs);
  const [answer] = calls.filter(({ kind, reply }) => kind === 'unreadable' && reply !== null);
  if (answer) return { ok: false, actions: answer.reply };
  const actions = calls
    .filter(({ kind }) => kind === 'call')
    .map((call) => {
      const { id, name, arguments: json } = call;
      return { type: 'function', id, function: { name, arguments: json } };
    });
  return { ok: true, actions };
}

function takeOrRaise(result) {
  return result.raised ? raise(result.raised) : result;
}

function callTool(wording) {
  return (api, input, kwargs) => {
    const { tools = ['code_interpreter'], tool_text: text = '', tool_raises: raised } = kwargs;
    const { max_length: maxLength = 256, side = 'middle' } = kwargs;
    const call = { ...input, text, raised };
    return takeOrRaise(api.replyToToolCall(call, { tools, wording, maxLength, side })).text;
  };
}

function truncate(wording) {
  return (api, input, { max_length: maxLength = 256, side = 'middle' }) =>
    api.truncateToolText(input, { wording, maxLength, side });
}

/** A tuple of Python is written `{"tuple": […]}`. */
function normalizeReturn(api, _input, _kwargs, { json: [json] }) {
  const tuple = /^\{"tuple": (\[.*\])\}$/s.exec(json);
  return takeOrRaise(api.readFunctionResult(tuple ? tuple[1] : json, { isTuple: tuple !== null }));
}

// The exceptions of Python's `requests`; what else is raised is unexpected to verl.
const requestErrors = new Set(
  `RequestException HTTPError ConnectionError ProxyError SSLError Timeout ConnectTimeout ReadTimeout URLRequired
  TooManyRedirects MissingSchema InvalidSchema InvalidURL InvalidHeader InvalidProxyURL InvalidJSONError JSONDecodeError
  ChunkedEncodingError ContentDecodingError StreamConsumedError RetryError UnrewindableBodyError`.split(
    /\s+/,
  ),
);

/** The whole of `call_sandbox_api`, with the replies of a script in place of a server. */
function callSandbox(api, script, kwargs) {
  const { url = 'http://h/run_code', code = 'print(1)', stdin = null, language = 'python' } = kwargs;
  const { compile_timeout: compileTimeout = 30, run_timeout: runTimeout = 30 } = kwargs;
  const { memory_limit_mb: memoryLimitMb = 1024 } = kwargs;
  const call = { code, stdin, compileTimeout, runTimeout, memoryLimitMb, language };
  const request = api.buildVerlRequest(call, 'UUID');
  const [posts, sleeps] = [[], []];
  const finish = (response, error) => ({ response, error, posts, sleeps });
  if (request.refused !== undefined) return finish(null, request.refused);
  const profile = api.requestProfiles().find(({ name }) => name === 'verl');
  const timeout = compileTimeout + runTimeout + profile.timeoutMs / 1000;
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  for (let attempt = 1; ; attempt++) {
    posts.push({ url, headers, data: request.body, timeout });
    // The last reply of a script stands for all that follow.
    const step = api.nextVerlStep(attempt, url, readReply(script[attempt - 1] ?? script.at(-1)));
    if (step.waitMs === undefined) return finish(step.answer ?? null, step.failed ?? null);
    sleeps.push(step.waitMs / 1000);
  }
}

function readReply(scripted) {
  if (scripted.raise) {
    return { message: scripted.message ?? '', byRequests: requestErrors.has(scripted.raise) };
  }
  const { status, reason = '', text, json } = scripted;
  return { status, reason, body: text ?? JSON.stringify(json ?? null) };
}
