//! Laws of reading and writing rollout logs, on generated rollouts. What JSON means is said by `serde_json`,
//! which is not our code.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may panic"
)]

use fencerun::rollout::{
    DEFAULT_MAX_LINE_BYTES, Entry, LogFormat, ReadOptions, Reader, Role, Rollout,
    read_facts_and_extras, read_line, write_rollout,
};
use serde_json::{Map, Value, json};

/// `SplitMix64` (Steele, Lea and Flood 2014): numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A text of pieces that logs are made of, and of those that could be mistaken for them.
    fn text(&mut self) -> String {
        let pieces = [
            "word",
            " ",
            "\n",
            "user\n",
            "tool",
            "\ntool\n",
            "assistant\n",
            "system",
            "é😀",
            "\u{2028}",
            "\r\n",
            "```python\nprint(1)\n```",
            "\n```output\n1\n```\n",
            "<tool_call>\n{\"name\": \"c\", \"arguments\": {\"code\": \"1\"}}\n</tool_call>",
            "<interpreter>\n",
            "</interpreter>",
            "<code>",
            "</code>",
            "<|im_end|>\n",
            "<think>",
            "\\",
            "\"",
            "{",
            "\u{0}",
        ];
        (0..self.below(7)).map(|_| self.pick(&pieces)).collect()
    }

    fn value(&mut self) -> Value {
        match self.below(8) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(18_446_744_073_709_551_615_u64),
            3 => json!(-3),
            4 => json!(0.1),
            5 => json!([self.text(), {"a": 1}]),
            6 => json!({self.text(): [1, {}]}),
            _ => json!(self.text()),
        }
    }

    fn row(&mut self) -> Value {
        let mut row = Map::new();
        row.insert("input".to_owned(), json!(self.text()));
        row.insert("output".to_owned(), json!(self.text()));
        for name in ["gts", "score", "step"].into_iter().skip(self.below(2)) {
            row.insert(
                name.to_owned(),
                if name == "gts" {
                    self.value()
                } else {
                    json!(self.below(3))
                },
            );
        }
        for name in [
            "uid", "acc", "pred", "reward", "text", "prompt", "code", "response",
        ] {
            if self.below(3) == 0 {
                row.insert(name.to_owned(), self.value());
            }
        }
        Value::Object(row)
    }

    fn conversation(&mut self) -> Value {
        let message = |random: &mut Self| {
            let mut message = json!({"role": random.pick(&["system", "user", "assistant", "tool", "developer"]), "content": random.text()});
            match random.below(8) {
                0 => message["content"] = Value::Null,
                1 => {
                    message["content"] =
                        json!([{"type": "text", "text": random.text()}, {"type": "image_url"}]);
                }
                2 => {
                    message["tool_calls"] = json!([{"id": "1", "type": "function", "function": {"name": "c", "arguments": "{\"code\": \"1\"}"}}]);
                }
                3 => message["reasoning_content"] = json!(random.text()),
                4 => message["name"] = json!("n"),
                _ => {}
            }
            message
        };
        let messages: Vec<Value> = (0..=self.below(5)).map(|_| message(self)).collect();
        let mut line = json!({ "messages": messages });
        for name in [
            "score", "reward", "uid", "info", "input", "step", "steps", "gts",
        ] {
            if self.below(4) == 0 {
                // A null `gts`, `score` or `step` is what verl's rows have where there is none.
                line[name] = Some(self.value())
                    .filter(|value| !value.is_null())
                    .unwrap_or(json!(1));
            }
        }
        line
    }
}

fn read(line: &str) -> Rollout {
    read_line(line, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn convert(line: &Value, format: LogFormat) -> Value {
    let written = write_rollout(&read(&line.to_string()), format).unwrap();
    assert!(!written.contains('\n'), "{written}");
    serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"))
}

#[test]
fn a_row_of_verl_survives_both_formats() {
    let mut random = Random(1);
    for _ in 0..1500 {
        let row = random.row();
        assert_eq!(convert(&row, LogFormat::Verl), row);
        let messages = convert(&row, LogFormat::OpenAi);
        assert!(messages["messages"].is_array(), "{messages}");
        assert_eq!(convert(&messages, LogFormat::Verl), row, "{messages}");
    }
}

#[test]
fn a_conversation_survives_both_formats() {
    let mut random = Random(2);
    for _ in 0..1500 {
        let line = random.conversation();
        assert_eq!(convert(&line, LogFormat::OpenAi), line);
        let row = convert(&line, LogFormat::Verl);
        assert!(
            row["input"].is_string() && row["output"].is_string(),
            "{row}"
        );
        assert_eq!(convert(&row, LogFormat::OpenAi), line, "{row}");
    }
}

#[test]
fn spans_lie_in_the_turn_and_show_the_text() {
    let mut random = Random(3);
    for _ in 0..1500 {
        let line = if random.below(2) == 0 {
            random.row()
        } else {
            random.conversation()
        };
        let rollout = read(&line.to_string());
        assert!(!rollout.steps.is_empty());
        for step in &rollout.steps {
            let turn = rollout
                .turns
                .get(step.turn)
                .map_or("", |turn| turn.text.as_str());
            assert_eq!(step.span.of(turn), Some(step.text.as_str()), "{line}");
            if let Some(span) = step.code_span {
                assert_eq!(
                    span.of(turn),
                    step.program.as_ref().map(|program| program.code.as_str()),
                    "{line}"
                );
            }
        }
    }
}

#[test]
fn the_turns_of_a_row_hold_all_of_its_text() {
    let mut random = Random(4);
    for _ in 0..1500 {
        let row = random.row();
        let rollout = read(&row.to_string());
        for (name, given) in [("input", true), ("output", false)] {
            // What is not in a turn is role lines and white space.
            let mut rest = row[name].as_str().unwrap();
            for turn in rollout.turns.iter().filter(|turn| turn.given == given) {
                let (before, after) = rest.split_once(turn.text.as_str()).unwrap();
                assert!(is_role_lines(before), "{before:?} of {row}");
                rest = after;
            }
            assert!(is_role_lines(rest), "{rest:?} of {row}");
        }
    }
}

fn is_role_lines(text: &str) -> bool {
    let is_role = |line: &str| ["", "user", "tool", "assistant", "system"].contains(&line.trim());
    text.lines().all(is_role)
}

fn read_in_pieces(
    log: &[u8],
    cuts: &[usize],
    options: &ReadOptions,
    max_bytes: usize,
) -> Vec<Entry> {
    let mut reader = Reader::new(options.clone(), max_bytes);
    let mut entries = Vec::new();
    let mut start = 0;
    for &cut in cuts {
        entries.extend(reader.push(&log[start..cut]));
        start = cut;
    }
    entries.extend(reader.push(&log[start..]));
    entries.extend(reader.finish());
    entries
}

#[test]
fn any_split_of_a_log_gives_the_same_entries() {
    let mut random = Random(5);
    let session = "{\"type\": \"session\", \"harness\": \"h\", \"id\": \"s\"}";
    let message =
        "{\"type\": \"message\", \"message\": {\"role\": \"assistant\", \"content\": \"a\"}}";
    for round in 0..600 {
        let pretty = serde_json::to_string_pretty(&random.conversation()).unwrap();
        let rows = [random.row().to_string(), random.conversation().to_string()];
        let array = serde_json::to_string_pretty(&[random.row(), random.row()]).unwrap();
        let pieces = [
            session,
            message,
            message,
            &pretty,
            &rows[0],
            &rows[1],
            &array,
            "",
            "half {",
            "{\"input\": \"a\",",
            "\u{feff}",
        ];
        let count = random.below(6);
        let log: Vec<&str> = (0..count).map(|_| random.pick(&pieces)).collect();
        let log = log.join(if round % 3 == 0 { "\r\n" } else { "\n" });
        let max_bytes = if round % 5 == 0 {
            300
        } else {
            DEFAULT_MAX_LINE_BYTES
        };
        let whole = read_in_pieces(log.as_bytes(), &[], &ReadOptions::default(), max_bytes);
        let mut cuts: Vec<usize> = (0..random.below(9))
            .map(|_| random.below(log.len() + 1))
            .collect();
        cuts.sort_unstable();
        assert_eq!(
            format!(
                "{:?}",
                read_in_pieces(log.as_bytes(), &cuts, &ReadOptions::default(), max_bytes)
            ),
            format!("{whole:?}"),
            "{log}"
        );
        // Nothing is lost: between two entries there is nothing but white space and the commas of an array.
        let mut at = 0;
        for entry in &whole {
            let (start, end) = (
                usize::try_from(entry.start).unwrap(),
                usize::try_from(entry.end).unwrap(),
            );
            let between = log.get(at..start).unwrap();
            assert!(
                between
                    .chars()
                    .all(|c| c.is_whitespace() || "[,]\u{feff}".contains(c)),
                "{between:?} in {log}"
            );
            at = end;
        }
    }
}

fn read_log(log: &str) -> Vec<Entry> {
    read_in_pieces(
        log.as_bytes(),
        &[],
        &ReadOptions::default(),
        DEFAULT_MAX_LINE_BYTES,
    )
}

#[test]
fn a_document_over_several_lines_is_one_rollout() {
    let conversation = json!({"messages": [{"role": "assistant", "content": "a"}]});
    let log = format!("{}\n", serde_json::to_string_pretty(&conversation).unwrap());
    let entries = read_log(&log);
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].line, entries[0].start, entries[0].end),
        (1, 0, log.len() as u64 - 1)
    );
    assert_eq!(
        entries[0].result.as_ref().unwrap().format,
        LogFormat::OpenAi
    );
}

#[test]
fn a_document_with_many_blank_lines_is_read_in_linear_time() {
    // In quadratic time this would take hours.
    let blank = "\n".repeat(4_000_000);
    let entries = read_log(&format!("{{\"output\":{blank}\"1\"}}\n"));
    assert_eq!(entries.len(), 1);
    assert!(entries[0].result.is_ok());
}

#[test]
fn the_rollouts_of_an_array_stand_where_they_are() {
    let rows = ["{\"output\": \"1\"}", "{\"output\":\n \"2\"}"];
    let log = format!("[\n  {},\n  {}\n]\n", rows[0], rows[1]);
    let entries = read_log(&log);
    assert_eq!(
        entries.iter().map(|entry| entry.line).collect::<Vec<_>>(),
        [2, 3]
    );
    for (entry, row) in entries.iter().zip(rows) {
        let (start, end) = (
            usize::try_from(entry.start).unwrap(),
            usize::try_from(entry.end).unwrap(),
        );
        assert_eq!(log.get(start..end), Some(row));
    }
}

#[test]
fn a_session_is_one_rollout_of_its_lines() {
    let log = "{\"type\":\"session\",\"harness\":\"h\",\"id\":\"s\"}\n\
        {\"type\":\"message\",\"message\":{\"role\":\"user\",\"content\":\"q\"}}\n\
        {\"type\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"reasoningContent\":\"r\",\"toolCalls\":[{\"id\":\"c\",\"function\":{\"name\":\"python\",\"arguments\":\"{\\\"code\\\":\\\"print(1)\\\"}\"}}]}}\n\
        {\"type\":\"message\",\"message\":{\"role\":\"tool\",\"toolCallId\":\"c\",\"content\":\"1\"}}\n\
        {\"type\":\"session\",\"harness\":\"h\",\"id\":\"t\"}\n";
    let entries = read_log(log);
    let rollouts: Vec<&Rollout> = entries
        .iter()
        .map(|entry| entry.result.as_ref().unwrap())
        .collect();
    assert_eq!(
        rollouts
            .iter()
            .map(|rollout| rollout.id.as_deref())
            .collect::<Vec<_>>(),
        [Some("s"), Some("t")]
    );
    let step = &rollouts[0].steps[0];
    assert_eq!(
        step.program.as_ref().map(|program| program.code.as_str()),
        Some("print(1)")
    );
    assert_eq!(step.recorded.as_deref(), Some("1"));
    assert_eq!(rollouts[0].turns[1].thinking.as_deref(), Some("r"));
}

#[test]
fn a_torn_line_costs_no_other() {
    let row = "{\"output\": \"x\"}";
    for torn in [
        "{\"output\": \"x",
        "{\"output\": \"x\",",
        "{\"a\": [1, 2",
        "\u{0}\u{0}\u{0}",
        "[",
    ] {
        for log in [
            format!("{torn}\n{row}\n{row}"),
            format!("{row}\n{torn}\n{row}"),
            format!("{row}\n{row}\n{torn}"),
        ] {
            let entries = read_log(&log);
            assert_eq!(entries.len(), 3, "{log}");
            assert_eq!(
                entries.iter().filter(|entry| entry.result.is_ok()).count(),
                2,
                "{log}"
            );
        }
    }
}

#[test]
fn a_line_beyond_the_bound_or_not_utf8_is_a_value_with_its_reason() {
    let log = [
        &b"{\"output\": \""[..],
        &[b'x'; 100],
        b"\"}\n\xff\n{\"output\": \"x\"}\n",
    ]
    .concat();
    let entries = read_in_pieces(&log, &[], &ReadOptions::default(), 64);
    let texts: Vec<String> = entries
        .iter()
        .map(|entry| {
            entry
                .result
                .as_ref()
                .map_or_else(ToString::to_string, |_| String::new())
        })
        .collect();
    assert_eq!(texts, ["it is longer than 64 bytes", "it is not UTF-8", ""]);
}

#[test]
fn a_log_can_be_read_as_one_text() {
    let options = ReadOptions {
        format: Some(LogFormat::Text),
        ..ReadOptions::default()
    };
    let text = "```python\n1\n```\n\n```output\n1\n```\n";
    let entries = read_in_pieces(text.as_bytes(), &[3, 20], &options, 1000);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].end, text.len() as u64);
    assert_eq!(
        entries[0].result.as_ref().unwrap().steps[0]
            .recorded
            .as_deref(),
        Some("1\n")
    );
}

#[test]
fn exact_values_of_python_are_written_as_they_were_read() {
    let line = r#"{"input": "\ud800", "output": "", "gts": 123456789012345678901234567890, "score": NaN, "step": 1, "x": [-Infinity, 1e-07, 1.0]}"#;
    assert_eq!(write_rollout(&read(line), LogFormat::Verl).unwrap(), line);
    let messages = write_rollout(&read(line), LogFormat::OpenAi).unwrap();
    assert_eq!(
        write_rollout(&read(&messages), LogFormat::Verl).unwrap(),
        line
    );
}

#[test]
fn turns_of_ones_own_are_written() {
    let mut call = read("[{\"role\": \"assistant\", \"content\": \"t\", \"tool_calls\": [{\"id\": \"1\", \"function\": {\"name\": \"c\", \"arguments\": \"{}\"}}]}, {\"role\": \"tool\", \"tool_call_id\": \"1\", \"content\": \"7\"}]").turns;
    assert_eq!(call[1].role, Role::Tool);
    call[1].text = "8".to_owned();
    let rollout = Rollout::from_turns(call, read("{\"output\": \"\", \"score\": 2}").source);
    let row: Value =
        serde_json::from_str(&write_rollout(&rollout, LogFormat::Verl).unwrap()).unwrap();
    assert_eq!(row["score"], 2);
}

#[test]
fn other_formats_can_only_be_read() {
    let error = write_rollout(&read("\"a\""), LogFormat::Tora).unwrap_err();
    assert_eq!(
        error.to_string(),
        "format: expected one of verl, openai, found `tora`"
    );
}

#[test]
fn lines_of_what_is_no_document_stand_where_the_log_has_them() {
    let log = "\u{feff}[\n\n1,\n{\"output\": \"x\"}\n  \nhalf";
    let mut expected = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(log.split('\n')) {
        let end = start + line.len() as u64;
        if !line.trim().is_empty() {
            expected.push((number, start, end, end < log.len() as u64));
        }
        start = end + 1;
    }
    let mut reader = Reader::new(ReadOptions::default(), DEFAULT_MAX_LINE_BYTES);
    let mut entries = reader.push(log.as_bytes());
    entries.extend(reader.finish());
    let found: Vec<_> = entries
        .iter()
        .map(|entry| (entry.line, entry.start, entry.end, entry.ended))
        .collect();
    assert_eq!(found, expected);
    assert!(entries[2].result.is_ok());
}

#[test]
fn numbers_among_the_extras_are_those_of_serde_json() {
    let number = |value: &Value| match value {
        Value::Bool(is) => Some(f64::from(u8::from(*is))),
        value => value.as_f64(),
    };
    let mut random = Random(7);
    for _ in 0..1500 {
        let row = random.row();
        let mut expected = Vec::new();
        for (name, value) in row.as_object().unwrap() {
            let is_extra = match name.as_str() {
                "gts" | "acc" | "pred" => true,
                "reward" => row.get("score").is_some(),
                _ => false,
            };
            expected.extend(
                number(value)
                    .filter(|_| is_extra)
                    .map(|value| (name.clone(), value)),
            );
        }
        let line = row.to_string();
        let mut found = Vec::new();
        let mut take = |name: &str, number| found.push((name.to_owned(), number));
        let _ = read_facts_and_extras(line.as_bytes(), &mut take);
        let mut exact = Vec::new();
        read(&line).number_extras(&mut |name, number| exact.push((name.to_owned(), number)));
        for list in [&mut expected, &mut found, &mut exact] {
            list.sort_by(|left, right| left.0.cmp(&right.0));
        }
        assert_eq!(found, expected, "{line}");
        assert_eq!(exact, expected, "{line}");
    }
}
