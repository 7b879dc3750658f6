// Code from texts and texts for models, by the profiles of all frameworks.

import { raise, skip } from './outcome.mjs';

const NEEDS_PYTHON = "asks Python's own parser";

/** For each function, what the package `api` gives for an input and its keyword arguments. */
export const mappings = {
  areal_extract_python_code: code('areal', ''),
  areal_process_tool_result: rule('areal/show-result'),
  autogen_code_result_text: rule('autogen/observe-exit'),
  autogen_extract_markdown_code_blocks: extracted('autogen', ({ programs }) =>
    programs.map(({ language, code }) => ({ language, code })),
  ),
  evalplus_code_extract: code('evalplus', ''),
  evalplus_sanitize: extracted('evalplus', ({ programs }) => {
    // Even a single line is parsed, if only to see whether it does anything.
    if (programs.some((program) => program.code.trim() !== '')) skip(NEEDS_PYTHON);
    return first(programs, '');
  }),
  gem_parse_action: extracted('gem', toAction),
  lcb_extract_code: extracted('livecodebench', ({ programs, kind }) =>
    kind === 'none' ? null : first(programs, ''),
  ),
  lcb_extract_test_output_code: code('livecodebench/test-output', ''),
  lcb_self_repair_extract_code: code('livecodebench/self-repair', ''),
  lmeval_mbpp_extract_code_blocks: code('lm-eval/mbpp', ''),
  nemo_code_regex: extracted('nemo-rl', ({ programs, kept }) =>
    kept === null ? null : [first(programs, null), kept],
  ),
  nemo_format_result: rule('nemo-rl/show-value'),
  openr1_extract_code: (api, input, kwargs) =>
    // No language, no code.
    kwargs.language === null ? '' : code('open-r1', '')(api, input, kwargs),
  qwenagent_execute_code_text: rule('qwen-agent/show-messages'),
  qwenagent_extract_code: extracted('qwen-agent', ({ programs: [program], kind }) =>
    kind === 'json' ? JSON.parse(program.code) : program.code,
  ),
  qwenagent_tir_extract_program: code('qwen-agent/tir', ''),
  qwenmath_extract_program: code('qwen-math', ''),
  qwenmath_truncate: rule('qwen-math/truncate'),
  rllm_ensure_return_value: rule('rllm/return-value'),
  rllm_extract_code_from_model: code('rllm', null),
  roll_extract_code_generation: code('roll/generation', ''),
  roll_python_parse_action: extracted('roll', toAction),
  roll_reward_extract_code_blocks: (api, input, kwargs) => {
    // Its caller takes the last.
    const form = ({ programs, reply }) => {
      if (reply !== null) return [null, null, reply];
      return [programs.map((program) => program.code), programs.map((program) => program.language), ''];
    };
    return extracted('roll/reward', form)(api, input, { ...kwargs, last_only: false });
  },
  rstar_result_text: rule('rstar/observe-report'),
  sf_default_extract_helper: code('sandbox-fusion/default', ''),
  sf_extract_fenced_code: rule('sandbox-fusion/extract-fenced'),
  sf_extract_heuristic_code: rule('sandbox-fusion/extract-heuristic'),
  sf_extract_incomplete_fenced_code: rule('sandbox-fusion/extract-incomplete'),
  sf_extract_v1: extracted('sandbox-fusion/v1', toTyped),
  sf_extract_v2: extracted('sandbox-fusion/v2', toTyped),
  sf_find_java_public_class_name: rule('sandbox-fusion/find-public-class'),
  sf_remove_entripoints: rule('sandbox-fusion/remove-entry-points'),
  simpletir_execute_predictions: executeSimpletir,
  skyrl_agent_post_process_code: code('skyrl/agent', ''),
  skyrl_coder1_extract: code('skyrl/coder1', ''),
  skyrl_searchcode_parse_action: extracted('skyrl/searchcode', ({ programs, kind, kept }) => {
    const group = kind === 'search' ? 'SearchToolGroup' : 'PythonCodeExecutorToolGroup';
    return [group, kind, [kept ?? first(programs, null)]];
  }),
  slime_check_code_safety: rule('slime/check-code'),
  slime_execute_predictions: executeSlime,
  slime_postprocess_predictions: extracted('slime', ({ programs, kind, kept }) =>
    kind === 'answer' ? [kind, kept] : [kind, first(programs, '')],
  ),
  slime_postprocess_responses: rule('slime/keep-turn'),
  smolagents_extract_code_from_text: rule('smolagents/find-code'),
  smolagents_parse_code_blobs: code('smolagents', ''),
  smolagents_parse_json_blob: rule('smolagents/read-json-blob'),
  smolagents_truncate_content: rule('smolagents/truncate'),
  torl_extract_program: code('torl', ''),
  torl_postproc_observation: rule('torl/observe-report'),
  verifiers_python_format_response: rule('verifiers/observe-parts'),
  verl_base_sandbox_tool_code: rule('verl/read-arguments'),
  verl_prime_code_extract: code('verl/prime-code', ''),
  verl_process_single_case: rule('verl/grade'),
  verl_retool_code: code('verl/retool', ''),
  verl_retool_daytona_normalize_code: code('verl/daytona', ''),
  verl_sandbox_fusion_compute_score_extract: extracted('verl/score', ({ programs, reply }) =>
    reply === null
      ? { generation: first(programs, null), score: 1, metadata: [{}] }
      : { generation: null, score: 0, metadata: [{ error: reply }] },
  ),
  verl_sandbox_tool_observation: rule('verl/observe-answer'),
  verl_tutorial_sandbox_code: code('verl/tutorial', ''),
  verltool_ipython_parse_action: extracted('verl-tool/ipython', toValid),
  verltool_python_parse_action: extracted('verl-tool/python', toValid),
  verltool_python_postprocess_observation: rule('verl-tool/wrap'),
  verltool_sandbox_fusion_format_result: rule('verl-tool/report'),
  verltool_sandbox_fusion_parse_action: extracted('verl-tool/sandbox-fusion', ({ programs: [program] }) =>
    program ? [{ code: program.code, language: program.language }, true] : [{}, false],
  ),
};

function first([program], otherwise) {
  return program ? program.code : otherwise;
}

function toAction({ programs, kept }) {
  return [first(programs, null), kept, programs.length > 0];
}

function toTyped({ programs, kind }) {
  return { code: first(programs, ''), type: kind };
}

function toValid({ programs }) {
  return [first(programs, ''), programs.length > 0];
}

/** The first program of a text, or what the original returns without one. */
function code(profile, otherwise) {
  return extracted(profile, ({ programs }) => first(programs, otherwise));
}

/** What a profile extracts, in the form that the original returns. */
function extracted(profile, form) {
  return (api, input, kwargs = {}) => {
    const found = api.extractWith(readCode(input), { profile, ...readOptions(kwargs) });
    if (found.needsPython) skip(NEEDS_PYTHON);
    if (found.raised) raise(found.raised);
    return form(found);
  };
}

/** What one rule gives. */
function rule(name) {
  return (api, input, kwargs = {}) => {
    const applied = api.applyRule(name, input, kwargs);
    if (applied.needsPython) skip(NEEDS_PYTHON);
    if (applied.raised) raise(applied.raised);
    return applied.value;
  };
}

/** The text, or the code among the arguments of a tool call, which are Python's to type. */
function readCode(input) {
  if (typeof input === 'string') return input;
  if (!('code' in input)) raise({ type: 'KeyError', message: "'code'" });
  const { code } = input;
  if (typeof code === 'string') return code;
  raise({ type: 'TypeError', message: `expected string or bytes-like object, got '${nameType(code)}'` });
}

function nameType(value) {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'dict';
}

const RENAMED = {
  code_block_idx: 'codeBlockIndex',
  is_ut: 'isUnitTest',
  lmstyle: 'style',
  entrypoint: 'entryPoint',
};

function readOptions(kwargs) {
  const camel = (name) => RENAMED[name] ?? name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const given = Object.entries(kwargs).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [camel(name), value]));
}

function executeSimpletir(api, input, { stdout = '', stderr = '' }) {
  const { programs, kind, reply } = api.extractWith(input, { profile: 'simpletir' });
  const [program] = programs;
  const isVoid = reply !== null;
  const printed = program !== undefined && stdout.includes('\\boxed{');
  const observed = () => rule('simpletir/observe-streams')(api, { stdout, stderr });
  return {
    sent_code: program?.code ?? null,
    obs: program ? observed() : (reply ?? ''),
    done: Number(isVoid || kind !== null || printed),
    void: Number(isVoid),
  };
}

function executeSlime(api, input) {
  const { programs, kind, reply, raised } = api.extractWith(input, { profile: 'slime' });
  if (raised) raise(raised);
  const [program] = programs;
  const result = program?.code.trim() === '' ? 'Error: No Python code found' : 'RESULT';
  const shown = program ? rule('slime/show')(api, result) : (reply ?? '');
  return { next_obs: shown, done: kind === 'answer' };
}
