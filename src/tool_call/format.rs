//! The formats by name.

use super::{Options, Parsed};
use super::{deepseek, gemma, gpt_oss, hermes, kimi, qwen, rllm, roll, xml};
use crate::python::search::contains;

/// One way to write tool calls, as one framework reads it.
#[derive(Debug)]
pub struct Format {
    /// Its name, the framework's own where it has one.
    pub name: &'static str,
    /// Where the original stands, and its commit.
    pub source: &'static str,
    /// What it looks like.
    pub description: &'static str,
    pub(super) parse: fn(&str, &Options) -> Parsed,
    /// The tag that opens a call.
    pub(super) open: &'static str,
    /// The tags that close a call which stands complete up to [`Format::last`].
    pub(super) close: &'static str,
    /// What a call ends with in front of `close`; nothing when its JSON tells.
    pub(super) last: &'static str,
}

impl Format {
    /// The format of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The format that the calls of a text are in, by the marks that stand in it; `None` for a text without any.
    ///
    /// Formats that differ only in what they make of a call share their marks: the first of them is it. Functions
    /// without a tag around them are read by ROLL alone.
    #[must_use]
    pub fn of_text(text: &str) -> Option<&'static Self> {
        let found = MARKS.iter().find(|(mark, _)| contains(text, mark));
        match found?.1 {
            "qwen3_coder" if !contains(text, hermes::OPEN) => Self::from_name("roll_qwen3_coder"),
            name => Self::from_name(name),
        }
    }
}

/// What opens a call, and the format that it is then in; the first that a text has decides. Functions stand in the tags
/// of several formats, and `<tool_call>` around most of what stands at the end.
const MARKS: [(&str, &str); 10] = [
    ("<seed:tool_call>", "seed"),
    ("<minimax:tool_call>", "minimax"),
    ("<|tool_call_begin|>", "kimi"),
    ("<｜DSML｜invoke", "deepseek_v4"),
    ("<｜tool▁call▁begin｜>", "deepseek_r1"),
    ("<|tool_call>", "gemma4"),
    ("to=functions.", "gpt-oss"),
    ("<function=", "qwen3_coder"),
    ("<arg_key>", "glm"),
    ("<tool_call>", "hermes"),
];

const VERL: &str = "verl/experimental/agent_loop/tool_parser.py, commit 1dda039b9c63";
const RLLM: &str = "rllm/parser/tool_parser.py, commit 9beb6e0f676a";

/// All formats.
pub static FORMATS: [Format; 13] = [
    Format {
        name: "hermes",
        source: VERL,
        description: "`<tool_call>` with a JSON object: Qwen and Hermes",
        parse: hermes::parse,
        open: hermes::OPEN,
        close: hermes::CLOSE,
        last: "",
    },
    Format {
        name: "rstar2_agent_hermes",
        source: "rstar2_agent/tools/tool_parser.py, commit ecbfb943e202",
        description: "hermes, with a reply to every call that cannot be read",
        parse: hermes::parse_with_replies,
        open: hermes::OPEN,
        close: hermes::CLOSE,
        last: "",
    },
    Format {
        name: "gpt-oss",
        source: VERL,
        description: "harmony messages `to=functions.NAME` up to `<|call|>`",
        parse: gpt_oss::parse,
        open: gpt_oss::RECIPIENT,
        close: gpt_oss::CLOSE,
        last: "",
    },
    Format {
        name: "qwen3_coder",
        source: VERL,
        description: "`<function=NAME>` and `<parameter=NAME>` in `<tool_call>`, values by schema",
        parse: qwen::parse,
        open: hermes::OPEN,
        close: hermes::CLOSE,
        last: qwen::FUNCTION_CLOSE,
    },
    Format {
        name: "glm",
        source: VERL,
        description: "a name and `<arg_key>`, `<arg_value>` pairs in `<tool_call>`",
        parse: xml::parse_glm,
        open: hermes::OPEN,
        close: hermes::CLOSE,
        last: xml::VALUE_CLOSE,
    },
    Format {
        name: "seed",
        source: VERL,
        description: "`<function=NAME>` and `<parameter=NAME>` in `<seed:tool_call>`",
        parse: xml::parse_seed,
        open: "<seed:tool_call>",
        close: "</seed:tool_call>",
        last: "</function>",
    },
    Format {
        name: "minimax",
        source: VERL,
        description: "`<invoke name=…>` and `<parameter name=…>` in `<minimax:tool_call>`",
        parse: xml::parse_minimax,
        open: "<minimax:tool_call>",
        close: "</minimax:tool_call>",
        last: "</invoke>",
    },
    Format {
        name: "kimi",
        source: VERL,
        description: "Kimi K2's special tokens around a name and a JSON object",
        parse: kimi::parse,
        open: kimi::CALL,
        close: kimi::END,
        last: "",
    },
    Format {
        name: "deepseek_v4",
        source: VERL,
        description: "`<｜DSML｜invoke name=…>` and `<｜DSML｜parameter name=… string=…>`",
        parse: deepseek::parse,
        open: deepseek::OPEN,
        close: deepseek::CLOSE,
        last: deepseek::INVOKE_CLOSE,
    },
    Format {
        name: "gemma4",
        source: VERL,
        description: "`<|tool_call>call:NAME{key:value}<tool_call|>`",
        parse: gemma::parse,
        open: gemma::OPEN,
        close: gemma::CLOSE,
        last: "}",
    },
    Format {
        name: "deepseek_r1",
        source: RLLM,
        description: "DeepSeek-R1's special tokens around a name and a block of JSON",
        parse: rllm::parse_r1,
        open: rllm::R1_OPEN,
        close: rllm::R1_CLOSE,
        last: "```",
    },
    Format {
        name: "rllm_qwen",
        source: RLLM,
        description: "hermes as rllm reads it: raises where `name` or `arguments` is missing",
        parse: rllm::parse_qwen,
        open: hermes::OPEN,
        close: hermes::CLOSE,
        last: "",
    },
    Format {
        name: "roll_qwen3_coder",
        source: "roll/pipeline/agentic/tools/action_parser.py, commit 8eb27cc2dc34",
        description: "functions as ROLL reads them, values by their looks; else JSON in `<tool_call>`",
        parse: roll::parse,
        open: hermes::OPEN,
        close: hermes::CLOSE,
        last: qwen::FUNCTION_CLOSE,
    },
];
