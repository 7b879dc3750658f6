//! The law that doubling a text no more than doubles the work, for every format, on floods of tags
//! that open and never close. Work is counted in bytes that searches look at, not in time.

use super::scan::WORK;
use super::{FORMATS, Options, Tool, parse_tool_calls};

/// What is repeated, what stands before, and what follows once at the end.
const FLOODS: &[(&str, &str, &str)] = &[
    ("", "<tool_call>", ""),
    ("", "</tool_call>", "<tool_call>"),
    ("", "<tool_call></tool_call>", ""),
    ("", "<tool_call><function=", "</tool_call>"),
    ("<tool_call>", "<function=f>", "</tool_call>"),
    ("<tool_call><function=f>", "<parameter=", "</tool_call>"),
    ("<tool_call>", "<arg_key>", "</tool_call>"),
    ("<tool_call>", "<arg_key></arg_key>", "</tool_call>"),
    (
        "<tool_call>",
        "<arg_key>a</arg_key>  <arg_value>",
        "</tool_call>",
    ),
    ("<seed:tool_call>", "<function=", "</seed:tool_call>"),
    ("<seed:tool_call>", "<function=f>", "</seed:tool_call>"),
    (
        "<seed:tool_call>",
        "<function=\n",
        "</function></seed:tool_call>",
    ),
    (
        "<seed:tool_call><function=f>",
        "<parameter=",
        "</function></seed:tool_call>",
    ),
    (
        "<seed:tool_call><function=f>",
        "<parameter=a",
        "\n</function></seed:tool_call>",
    ),
    ("", "<seed:tool_call>", ""),
    ("", "<minimax:tool_call>", ""),
    (
        "<minimax:tool_call>",
        "<invoke name=\"",
        "</minimax:tool_call>",
    ),
    (
        "<minimax:tool_call>",
        "<invoke name=\"f\">",
        "</minimax:tool_call>",
    ),
    (
        "<minimax:tool_call><invoke name=\"f\">",
        "<parameter name=\"a\">",
        "</invoke></minimax:tool_call>",
    ),
    ("", "<|tool_calls_section_begin|>", ""),
    ("<|tool_calls_section_begin|>", "<|tool_call_begin|>", ""),
    (
        "<|tool_calls_section_begin|>",
        "<|tool_call_begin|>f<|tool_call_argument_begin|>",
        "",
    ),
    ("", "<｜DSML｜tool_calls>", ""),
    (
        "<｜DSML｜tool_calls>",
        "<｜DSML｜invoke name=\"",
        "</｜DSML｜tool_calls>",
    ),
    (
        "<｜DSML｜tool_calls>",
        "<｜DSML｜invoke name=\"f\">",
        "</｜DSML｜tool_calls>",
    ),
    (
        "<｜DSML｜tool_calls><｜DSML｜invoke name=\"f\">",
        "<｜DSML｜parameter name=\"a\" string=\"",
        "</｜DSML｜invoke></｜DSML｜tool_calls>",
    ),
    ("", "<|tool_call>call:f{", ""),
    ("", "<|tool_call>call:", "f"),
    ("<|tool_call>call:f{", "a:<|\"|>", "}<tool_call|>"),
    ("<|tool_call>call:f{", "a:<|\"|>\n", "}<tool_call|>"),
    ("<|tool_call>call:f{", "a:1,", "}<tool_call|>"),
    ("<|tool_call>call:f{", "a", "}<tool_call|>"),
    ("", "<|start|>assistant<|channel|>", ""),
    ("", "<|start|>assistant<|channel|>analysis<|message|>", ""),
    (
        "",
        "<|start|>assistant<|channel|> to=functions.f <|constrain|>json<|message|>",
        "",
    ),
    (
        "<|start|>assistant<|channel|>",
        " to=functions.",
        "f <|constrain|>json<|message|><|call|>",
    ),
    ("", "<|endoftext|>", "<|call|>"),
    ("", "<｜tool▁call▁begin｜>", ""),
    ("", "<｜tool▁call▁begin｜>function<｜tool▁sep｜>```json", ""),
    ("", "<function=", ""),
    ("", "<function=", ">"),
    ("", "<function=<parameter=", "></"),
    ("", "<function=f><parameter=a>", "<"),
    ("", "<function", "="),
    ("", "<think>", ""),
    ("", "</think>", "<tool_call>"),
    ("", "<think><tool_call></think>", "</tool_call>"),
    ("<tool_call>", "{\"a\": ", "</tool_call>"),
    ("<tool_call>", "[", "</tool_call>"),
    (
        "<tool_call>{\"name\": \"f\", \"arguments\": \"",
        "\", \"",
        "\"}</tool_call>",
    ),
    (
        "<tool_call>{\"name\": \"f\", \"arguments\": \"",
        "\"   ,   ",
        "\"}</tool_call>",
    ),
    (
        "<tool_call>{\"name\": \"f\", \"arguments\": [",
        "'",
        "]}</tool_call>",
    ),
];

fn work(format: &super::Format, text: &str, robust: bool) -> usize {
    let tool = Tool {
        name: "f".to_owned(),
        parameters: vec![("a".to_owned(), Some("object".to_owned()))],
        required: vec!["a".to_owned()],
    };
    let options = Options {
        tools: vec![tool],
        robust,
        ..Options::default()
    };
    WORK.set(0);
    let parsed = parse_tool_calls(text, format, &options);
    for call in parsed.calls {
        assert!(call.span().of(text).is_some(), "{} {call:?}", format.name);
    }
    WORK.get()
}

#[test]
fn no_flood_makes_the_work_of_any_format_grow_faster_than_the_text() {
    for format in &FORMATS {
        for robust in [false, true] {
            for (start, flood, end) in FLOODS {
                let of = |count: usize| {
                    work(
                        format,
                        &format!("{start}{}{end}", flood.repeat(count)),
                        robust,
                    )
                };
                let (once, twice) = (of(1_000), of(2_000));
                assert!(
                    twice <= 2 * once + once / 4 + 200,
                    "{} (robust: {robust}), {start:?}, {flood:?} and {end:?}: {once} then {twice}",
                    format.name
                );
            }
        }
    }
}
