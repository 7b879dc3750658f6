//! The formats by name.

use super::reader::{Arguments, Content, Reader};
use super::scan::Mark;
use super::{deepseek, gemma, gpt_oss, hermes, kimi, qwen, rllm, roll, xml};
use crate::catalogue::{Prose, prose};
use crate::python::search::contains;
use crate::python::value::Value;

/// One way to write tool calls, as one framework reads it.
#[derive(Debug)]
pub struct Format {
    /// Its name, the framework's own where it has one.
    pub name: &'static str,
    /// Where the original stands, and its commit.
    pub source: Prose,
    /// What it looks like.
    pub description: Prose,
    /// Pairs of tags that are left out of the text with all between them. The first is the padding
    /// token, for which the options may have another.
    pub(super) left_out: &'static [(&'static str, &'static str)],
    pub(super) parse: fn(&mut Reader<'_>),
    /// A mark without which a text has no calls.
    pub(super) needs: &'static str,
    /// What the calls are: the elements of the last mark, in those of the others.
    pub(super) marks: &'static [Mark<'static>],
    /// Whether only the first counts of what stands in each of the others.
    pub(super) reads_first: bool,
    /// Whether white space around names and bodies does not count.
    pub(super) strips: bool,
    pub(super) arguments: Arguments,
    /// Whether the original gives a text up with what is wrong with a call, but for JSON that
    /// cannot be read.
    pub(super) raises: bool,
    /// The identifier of the call that is read, made of its name; nothing where calls have none.
    pub(super) id: Option<fn(&Reader<'_>, &Value) -> String>,
    /// What the framework tells the model of a call that cannot be read, with the reason in it.
    pub(super) reply: Option<&'static str>,
    pub(super) content: Content,
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

/// What is the same in most formats.
const HERMES: Format = Format {
    name: "hermes",
    source: prose(VERL),
    description: prose("`<tool_call>` with a JSON object: Qwen and Hermes"),
    left_out: &[],
    parse: |reader| reader.walk(),
    needs: "",
    marks: &[hermes::CALL],
    reads_first: false,
    strips: false,
    arguments: Arguments::Body(hermes::read),
    raises: false,
    id: None,
    reply: None,
    content: Content::Outside,
    open: hermes::OPEN,
    close: hermes::CLOSE,
    last: "",
};

/// All formats.
pub static FORMATS: [Format; 13] = [
    HERMES,
    Format {
        name: "rstar2_agent_hermes",
        source: prose("rstar2_agent/tools/tool_parser.py, commit ecbfb943e202"),
        description: prose("hermes, with a reply to every call that cannot be read"),
        reply: Some("Failed to decode tool call: {}"),
        ..HERMES
    },
    Format {
        name: "gpt-oss",
        description: prose("harmony messages `to=functions.NAME` up to `<|call|>`"),
        left_out: gpt_oss::LEFT_OUT,
        marks: &[gpt_oss::CALL],
        arguments: Arguments::Body(gpt_oss::read),
        open: gpt_oss::RECIPIENT,
        close: gpt_oss::CLOSE,
        ..HERMES
    },
    Format {
        name: "qwen3_coder",
        description: prose(
            "`<function=NAME>` and `<parameter=NAME>` in `<tool_call>`, values by schema",
        ),
        parse: qwen::parse,
        marks: &[qwen::BLOCK, qwen::FUNCTION],
        arguments: Arguments::Body(qwen::read),
        content: Content::BeforeCalls(hermes::OPEN),
        last: qwen::FUNCTION_CLOSE,
        ..HERMES
    },
    Format {
        name: "glm",
        description: prose("a name and `<arg_key>`, `<arg_value>` pairs in `<tool_call>`"),
        parse: xml::parse_glm,
        needs: hermes::CLOSE,
        marks: &[xml::BLOCK],
        strips: true,
        arguments: Arguments::Elements(xml::ARGUMENT, xml::read_value),
        content: Content::Before(hermes::OPEN),
        last: xml::VALUE_CLOSE,
        ..HERMES
    },
    Format {
        name: "seed",
        description: prose("`<function=NAME>` and `<parameter=NAME>` in `<seed:tool_call>`"),
        needs: xml::SEED_CLOSE,
        marks: &[Mark::pair(xml::SEED_OPEN, xml::SEED_CLOSE), xml::FUNCTION],
        reads_first: true,
        strips: true,
        arguments: Arguments::Elements(xml::PARAMETER, xml::read_value),
        content: Content::Before(xml::SEED_OPEN),
        open: xml::SEED_OPEN,
        close: xml::SEED_CLOSE,
        last: "</function>",
        ..HERMES
    },
    Format {
        name: "minimax",
        description: prose("`<invoke name=…>` and `<parameter name=…>` in `<minimax:tool_call>`"),
        needs: xml::MINIMAX_CLOSE,
        marks: &[
            Mark::pair(xml::MINIMAX_OPEN, xml::MINIMAX_CLOSE),
            xml::INVOKE,
        ],
        strips: true,
        arguments: Arguments::Elements(xml::NAMED_PARAMETER, xml::read_value),
        content: Content::Before(xml::MINIMAX_OPEN),
        open: xml::MINIMAX_OPEN,
        close: xml::MINIMAX_CLOSE,
        last: "</invoke>",
        ..HERMES
    },
    Format {
        name: "kimi",
        description: prose("Kimi K2's special tokens around a name and a JSON object"),
        needs: kimi::SECTION,
        marks: &[kimi::CALL],
        strips: true,
        arguments: Arguments::Body(kimi::read),
        id: Some(|reader, _| reader.name.to_owned()),
        content: Content::Before(kimi::SECTION),
        open: kimi::OPEN,
        close: kimi::CLOSE,
        ..HERMES
    },
    Format {
        name: "deepseek_v4",
        description: prose("`<｜DSML｜invoke name=…>` and `<｜DSML｜parameter name=… string=…>`"),
        left_out: &[("<｜▁pad▁｜>", ""), ("<｜end▁of▁sentence｜>", "")],
        parse: deepseek::parse,
        marks: &[
            Mark::pair(deepseek::OPEN, deepseek::CLOSE),
            deepseek::INVOKE,
        ],
        arguments: Arguments::Elements(deepseek::PARAMETER, deepseek::read_value),
        content: Content::Before(deepseek::OPEN),
        open: deepseek::OPEN,
        close: deepseek::CLOSE,
        last: deepseek::INVOKE_CLOSE,
        ..HERMES
    },
    Format {
        name: "gemma4",
        description: prose("`<|tool_call>call:NAME{key:value}<tool_call|>`"),
        left_out: &[("<pad>", "")],
        marks: &[gemma::CALL],
        arguments: Arguments::Body(gemma::read),
        content: Content::BeforeCalls(gemma::OPEN),
        open: gemma::OPEN,
        close: gemma::CLOSE,
        last: "}",
        ..HERMES
    },
    Format {
        name: "deepseek_r1",
        source: prose(RLLM),
        description: prose("DeepSeek-R1's special tokens around a name and a block of JSON"),
        marks: &[rllm::R1_CALL],
        strips: true,
        arguments: Arguments::Body(rllm::read_r1),
        raises: true,
        content: Content::All,
        open: rllm::R1_OPEN,
        close: rllm::R1_CLOSE,
        last: "```",
        ..HERMES
    },
    Format {
        name: "rllm_qwen",
        source: prose(RLLM),
        description: prose(
            "hermes as rllm reads it: raises where `name` or `arguments` is missing",
        ),
        strips: true,
        raises: true,
        content: Content::All,
        ..HERMES
    },
    Format {
        name: "roll_qwen3_coder",
        source: prose("roll/pipeline/agentic/tools/action_parser.py, commit 8eb27cc2dc34"),
        description: prose(
            "functions as ROLL reads them, values by their looks; else JSON in `<tool_call>`",
        ),
        parse: roll::parse,
        id: Some(roll::make_id),
        strips: true,
        last: qwen::FUNCTION_CLOSE,
        ..HERMES
    },
];
