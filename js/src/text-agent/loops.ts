/** How the loop of one framework ends the turns of a model. */
export interface Loop {
  /**
   * The strings at which generation stops. More than one set: it stops at one of the first, goes on to one of the
   * next, and only the last ends the turn.
   */
  stop: readonly (readonly string[])[];
  /** Whether the string that it stopped at belongs to the turn. */
  keepsStop: boolean;
  /** Whether a program runs only where generation has stopped at one of the strings. */
  needsStop: boolean;
  /** Whether the original drops what stands behind the first program of a turn, so that generation may end there. */
  cuts: boolean;
  /** Whether programs are looked for in everything written so far, not in the last turn alone. */
  readsAll: boolean;
  /** Whether programs come by tool calls that the model writes in its text. */
  callsTools: boolean;
  /** What an observation becomes before it is appended. */
  wrap: (observation: string) => string;
  /** The output as the framework's log has it. */
  dump: (output: string) => string;
  /** What the original does to the text of a turn. */
  rewrite?: (turn: string) => string;
  /** Whether the rollout is done after a turn, beyond what the profile says: its text, and `stdout` if something ran. */
  ends?: (turn: string, stdout: string | undefined) => boolean;
  /** What the model reads where the original raises an error over a turn. Default: its message. */
  wordError?: (message: string) => string;
}

const WHOLE_TURNS: Loop = {
  stop: [],
  keepsStop: false,
  needsStop: false,
  cuts: false,
  readsAll: false,
  callsTools: false,
  wrap: (observation) => observation,
  dump: (output) => output,
};

/**
 * verl's agent loop (tool_agent_loop.py) with Qwen's chat template, which goes with the format `hermes`: a turn ends with
 * its message, and a tool's answer is a message of the user. verl decodes its dumps without special tokens.
 */
const AGENT_LOOP: Partial<Loop> = {
  stop: [['<|im_end|>']],
  callsTools: true,
  wrap: (observation) =>
    `<|im_end|>\n<|im_start|>user\n<tool_response>\n${observation}\n</tool_response><|im_end|>\n<|im_start|>assistant\n`,
  dump: (output) => output.replaceAll(/<\|im_(?:start|end)\|>/g, ''),
};

/** What SimpleTIR keeps of a turn with a program: the text before it and the block, with no white space between. */
const SIMPLETIR_TURN = /^([\s\S]*?)(```(?:py|python)?\n[\s\S]*?\n```)/;

const CODE_END = '</code>';

/**
 * The loops of the frameworks whose profiles read the text of a model, by the name of the profile. In the frameworks
 * that have no entry a turn is what the model writes until it ends by itself.
 */
const LOOPS: Readonly<Record<string, Partial<Loop>>> = {
  // The one that is Fencerun's own: the first block that can run ends the turn.
  llm: { cuts: true },
  'verl/tool': AGENT_LOOP,
  'verl/retool': AGENT_LOOP,
  'verl/tutorial': AGENT_LOOP,
  // ToRL, vllm_rollout_spmd.py: code runs only where this was the reason to stop.
  torl: { stop: [['```output']], needsStop: true },
  // Qwen-Agent, tir_agent.py.
  'qwen-agent/tir': { stop: [['```output']] },
  // Qwen2.5-Math, evaluation: all programs of the trajectory run as one.
  'qwen-math': { stop: [['```output']], readsAll: true },
  // AReaL, examples/tir/tir_workflow.py: first to a start marker, then to an end marker, both kept.
  areal: {
    stop: [
      ['```python', '<python>'],
      ['```', '</python>'],
    ],
    keepsStop: true,
  },
  // verl-tool, verltool_agent_loop.py: the action ends with its stop token, by default of its examples ```output.
  'verl-tool/python': { stop: [['```output']], keepsStop: true },
  'verl-tool/ipython': { stop: [['```output']], keepsStop: true },
  // SimpleTIR, recipe/simpletir/agent_utils.py, `_postprocess_responses`.
  simpletir: {
    cuts: true,
    rewrite: (turn) => {
      const [, before, block] = SIMPLETIR_TURN.exec(turn) ?? [];
      return before === undefined || block === undefined ? turn : before.trim() + block.trim();
    },
    // `execute_predictions`: an answer in the turn or in what it printed, or a turn without code.
    ends: (turn, stdout) => stdout === undefined || `${turn}${stdout}`.includes('\\boxed{'),
  },
  // GEM, gem/tools/python_code_tool.py, and ROLL after it: the action is cut behind the program that ends first.
  gem: { cuts: true },
  roll: { cuts: true },
  // smolagents, agents.py, `CodeAgent`: the closing tag is written in where generation ended without it.
  smolagents: {
    stop: [['Observation:', 'Calling tools:', CODE_END]],
    rewrite: (turn) => (turn.trim().endsWith(CODE_END) ? turn : turn + CODE_END),
    wordError: (message) =>
      `Error:\nError in code parsing:\n${message}\nMake sure to provide correct code blobs.\nNow let's retry: take care ` +
      'not to repeat previous errors! If you have retried several times, try a completely different approach.\n',
  },
};

/** The loop of a profile. */
export function findLoop(profile: string): Loop {
  return { ...WHOLE_TURNS, ...LOOPS[profile] };
}
