//! A line of a log in, what a list of rollouts shows of it out, without reading all of it.
//!
//! A log of a gigabyte is indexed so in seconds. The counts are those of marks in the text, so a rollout that
//! talks about marks has some more; [`read_line`](super::read_line) is exact.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr_iter, memchr2_iter};

use super::json::read_number;
use super::lines::{Line, LineSplitter};
use super::members::{scan_items, scan_members};
use super::messages::CONTENTS;
use super::turns::Role;
use super::{LogFormat, Rollout, verl};
use crate::language::{LANGUAGES, Language};
use crate::python::json::loads_bytes;
use crate::python::search::replace;
use crate::python::value::Value;
use crate::span::Span;

/// What an index holds of one line.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// The format, by the members; `None` when the line is unreadable as far as can be seen.
    pub format: Option<LogFormat>,
    /// The reward.
    pub score: Option<f64>,
    /// The training step.
    pub training_step: Option<f64>,
    /// The same number for lines of one task, and as a rule another one for others: what to group by. Of one task
    /// are those whose `uid` says so or, where there is none, those with the same prompt, byte for byte: where the log
    /// has messages alone, those in front of the first that the model wrote. Below 2⁵³; 0 when there is neither.
    pub prompt: u64,
    /// The length of what the model was given, in bytes of JSON.
    pub input_bytes: usize,
    /// The length of what was written then, in bytes of JSON; where the log has messages, of all of them.
    pub output_bytes: usize,
    /// How many pieces of code were opened: fences with a tag, tool calls, `<code>`.
    pub programs: u32,
    /// How many observations were recorded.
    pub observations: u32,
    /// How many tracebacks of Python stand in it.
    pub tracebacks: u32,
    /// How many lines in it begin with the name of an exception that ends in `Error`, as the last line of a
    /// traceback does.
    pub errors: u32,
    /// How often it tells of a program that was stopped, in the words of sandboxes.
    pub timeouts: u32,
    /// A bit for each place in [`LANGUAGES`](crate::language::LANGUAGES) of the tags of its fences; tool calls
    /// count as Python.
    pub languages: u32,
    /// Where the JSON of the prompt stands in the line, or the last text of the messages that were given.
    pub prompt_span: Option<Span>,
}

/// Reads the facts of one line.
///
/// # Complexity
///
/// Linear, with a small factor.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::read_facts;
/// let facts = read_facts(br#"{"input": "q", "output": "```python\n1\n```\ntool\n1\nassistant\n1", "score": 1}"#);
/// assert_eq!((facts.score, facts.programs, facts.observations), (Some(1.0), 1, 1));
/// ```
#[must_use]
pub fn read_facts(line: &[u8]) -> Facts {
    read(line, None)
}

/// Reads the facts of one line, and gives the numbers among its extras to `take`: what a reward is made of, as a rule.
/// A truth value is 0 or 1, a text that Python's `float()` reads a number. The members of an object count too, one level deep, with a
/// point between the names: `metrics.format`.
///
/// # Complexity
///
/// Linear, with a small factor.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::read_facts_and_extras;
/// let mut extras = Vec::new();
/// let line = br#"{"output": "", "score": 1, "acc": true, "parts": {"format": 0.5}, "pred": "x"}"#;
/// read_facts_and_extras(line, &mut |name, number| extras.push((name.to_owned(), number)));
/// assert_eq!(extras, [("acc".to_owned(), 1.0), ("parts.format".to_owned(), 0.5)]);
/// ```
#[must_use]
pub fn read_facts_and_extras(line: &[u8], take: &mut dyn FnMut(&str, f64)) -> Facts {
    read(line, Some(take))
}

type Take<'a> = &'a mut dyn FnMut(&str, f64);

fn read(line: &[u8], mut take: Option<Take<'_>>) -> Facts {
    let mut facts = Facts::default();
    let Some(members) = scan_members(line) else {
        return facts;
    };
    let of = |span: Span| line.get(span.start..span.end).unwrap_or_default();
    let number = |span| loads_bytes(of(span)).ok().as_ref().and_then(read_number);
    let mut group = None;
    let mut reward = None;
    let mut messages = None;
    for member in members {
        let is_text = line.get(member.value.start) == Some(&b'"');
        match of(member.name) {
            b"\"score\"" => facts.score = number(member.value),
            b"\"reward\"" => reward = number(member.value),
            b"\"step\"" => {
                facts.training_step = number(member.value);
            }
            b"\"uid\"" => {
                let uid = loads_bytes(of(member.value)).ok();
                let uid = uid.as_ref().and_then(Value::as_str);
                group = uid.map(|uid| hash(verl::group_of(uid).as_bytes()));
            }
            b"\"input\"" | b"\"question\"" | b"\"prompt\"" => {
                facts.prompt = hash(of(member.value));
                facts.input_bytes = member.value.len();
                facts.prompt_span = if is_text {
                    Some(member.value)
                } else {
                    scan_given(line, member.value).1
                };
            }
            name => {
                let format = match name {
                    b"\"output\"" if is_text => LogFormat::Verl,
                    b"\"messages\"" | b"\"conversations\"" | b"\"conversation\"" => {
                        LogFormat::OpenAi
                    }
                    b"\"completion\"" if !is_text => LogFormat::OpenAi,
                    b"\"code\"" if !is_text => LogFormat::Tora,
                    b"\"steps\"" => LogFormat::Atif,
                    b"\"message\"" | b"\"harness\"" => LogFormat::Sts,
                    b"\"response\"" | b"\"completion\"" | b"\"generation\"" | b"\"text\""
                        if is_text =>
                    {
                        LogFormat::Text
                    }
                    _ => {
                        if let Some(take) = &mut take {
                            read_extra(name, of(member.value), "", *take);
                        }
                        continue;
                    }
                };
                if facts.format.is_none() {
                    facts.format = Some(format);
                    facts.output_bytes = member.value.len();
                    count_marks(of(member.value), &mut facts);
                    messages = Some(member.value).filter(|_| format == LogFormat::OpenAi);
                }
            }
        }
    }
    if let Some(messages) = messages.filter(|_| facts.input_bytes == 0) {
        let (given, text) = scan_given(line, messages);
        if !given.is_empty() {
            facts.prompt = hash(of(given));
            facts.input_bytes = given.len();
        }
        facts.prompt_span = text;
    }
    facts.prompt = group.unwrap_or(facts.prompt);
    // A reward beside a score is a part of it, or what it was made of.
    match (facts.score, reward, take) {
        (Some(_), Some(reward), Some(take)) => take("reward", reward),
        (None, _, _) => facts.score = reward,
        _ => {}
    }
    facts
}

/// Where in `line` the messages of the array `list` stand that are in front of the first that the model wrote, and the last text
/// among them. Those behind are not looked at.
fn scan_given(line: &[u8], list: Span) -> (Span, Option<Span>) {
    let (mut end, mut text) = (list.start, None);
    for message in items_of(line, list) {
        let members = members_of(line, message);
        let role = find_member(&members, &["role", "from"]);
        let role = role
            .and_then(|role| text_of(line, role))
            .unwrap_or_default();
        if Role::from_message(role) == Role::Assistant {
            break;
        }
        end = message.end;
        let Some(content) = find_member(&members, &CONTENTS) else {
            continue;
        };
        let parts = items_of(line, content)
            .filter_map(|part| find_member(&members_of(line, part), &["text"]));
        let texts = std::iter::once(content).chain(parts);
        let of_this = texts.filter(|&span| text_of(line, span).is_some()).last();
        text = of_this.or(text);
    }
    (Span::new(list.start, end), text)
}

/// The items of the array at `list`.
fn items_of(line: &[u8], list: Span) -> impl Iterator<Item = Span> {
    let json = line.get(list.start..list.end).unwrap_or_default();
    scan_items(json).map(move |item| shift(item, list.start))
}

/// The members of the object at `object`: the name of each, escaped as it is, and where its value stands.
fn members_of(line: &[u8], object: Span) -> Vec<(&str, Span)> {
    let json = line.get(object.start..object.end).unwrap_or_default();
    let members = scan_members(json).unwrap_or_default().into_iter();
    let place = |span| shift(span, object.start);
    members
        .map(|member| {
            let name = text_of(line, place(member.name)).unwrap_or_default();
            (name, place(member.value))
        })
        .collect()
}

/// The first of the members that has one of these names.
fn find_member(members: &[(&str, Span)], names: &[&str]) -> Option<Span> {
    let found = members.iter().find(|(name, _)| names.contains(name));
    found.map(|&(_, value)| value)
}

/// What stands between the quotes at `span`, escaped as it is.
fn text_of(line: &[u8], span: Span) -> Option<&str> {
    let text = line.get(span.start..span.end)?;
    str::from_utf8(text.strip_prefix(b"\"")?.strip_suffix(b"\"")?).ok()
}

fn shift(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// Members that an index has a fact for, whatever is in them.
const NAMED: [&str; 18] = [
    "score",
    "step",
    "reward",
    "uid",
    "input",
    "question",
    "prompt",
    "output",
    "messages",
    "conversations",
    "completion",
    "code",
    "steps",
    "message",
    "harness",
    "response",
    "generation",
    "text",
];

/// The longest object that numbers are looked for in, in bytes of JSON: what a reward is made of is short.
const MAX_OBJECT_BYTES: usize = 4096;
/// The longest text that may be a number.
const MAX_TEXT_BYTES: usize = 32;

/// Gives the number in a member to `take`, or those in it; `name` and `json` are JSON, and `outer` stands in front of the name.
fn read_extra(name: &[u8], json: &[u8], outer: &str, take: Take<'_>) {
    let longest = match json.first() {
        Some(b'{') if outer.is_empty() => MAX_OBJECT_BYTES,
        Some(b'{' | b'[' | b'n') | None => return,
        Some(b'"') => MAX_TEXT_BYTES,
        Some(_) => json.len(),
    };
    let Some(name) = loads_bytes(name).ok().and_then(|name| name.to_text()) else {
        return;
    };
    if json.len() > longest || (outer.is_empty() && NAMED.contains(&name.as_str())) {
        return;
    }
    if json.first() == Some(&b'{') {
        for member in scan_members(json).unwrap_or_default() {
            let of = |span: Span| json.get(span.start..span.end).unwrap_or_default();
            read_extra(of(member.name), of(member.value), &format!("{name}."), take);
        }
    } else if let Some(number) = loads_bytes(json).ok().as_ref().and_then(read_number) {
        take(&format!("{outer}{name}"), number);
    }
}

impl Rollout {
    /// Gives the numbers among the extras to `take`, as [`read_facts_and_extras`] does.
    ///
    /// # Complexity
    ///
    /// Linear in the extras.
    pub fn number_extras(&self, take: &mut dyn FnMut(&str, f64)) {
        for (name, value) in self.extras() {
            let Some(name) = name.to_text() else { continue };
            if NAMED.contains(&name.as_str()) {
                continue;
            }
            if let Value::Dict(members) = value {
                for (inner, value) in members {
                    if let (Some(inner), Some(number)) = (inner.to_text(), read_number(value)) {
                        take(&format!("{name}.{inner}"), number);
                    }
                }
            } else if let Some(number) = read_number(value) {
                take(&name, number);
            }
        }
        let reward = self.source.member("reward").and_then(read_number);
        let has_score = self.source.member("score").and_then(read_number).is_some();
        if let Some(reward) = reward.filter(|_| has_score) {
            take("reward", reward);
        }
    }
}

impl Facts {
    /// The facts of a rollout that has been read: its programs and observations are counted exactly.
    ///
    /// # Complexity
    ///
    /// Linear.
    #[must_use]
    pub fn of(rollout: &Rollout) -> Self {
        let task = rollout.group.as_deref().unwrap_or(&rollout.input);
        let written = rollout.turns.iter().filter(|turn| !turn.given);
        #[expect(clippy::cast_precision_loss, reason = "a count of training steps")]
        let mut facts = Self {
            format: Some(rollout.format),
            score: rollout.score,
            training_step: rollout.training_step.map(|step| step as f64),
            prompt: if task.is_empty() {
                0
            } else {
                hash(task.as_bytes())
            },
            input_bytes: rollout.input.len(),
            output_bytes: written.map(|turn| turn.text.len()).sum(),
            ..Self::default()
        };
        for step in &rollout.steps {
            if let Some(program) = &step.program {
                facts.programs += 1;
                facts.languages |= bit_of(program.language);
            }
            if let Some(recorded) = &step.recorded {
                facts.observations += 1;
                // As far as the counts look at it, this is the JSON of the text.
                let json = format!("\"{}\"", replace(recorded, "\n", "\\n"));
                count_failures(json.as_bytes(), &mut facts);
            }
        }
        facts
    }
}

/// The words that are looked for in every line.
struct Words {
    tool: Finder<'static>,
    traceback: Finder<'static>,
    error: Finder<'static>,
    stop: Finder<'static>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    tool: Finder::new(br"\ntool"),
    traceback: Finder::new(b"Traceback (most recent call last)"),
    error: Finder::new(b"Error"),
    stop: Finder::new(b"ime"),
});

fn count(places: impl Iterator<Item = usize>) -> u32 {
    u32::try_from(places.count()).unwrap_or(u32::MAX)
}

/// What opens code in a text, or closes it: a call in each format. DeepSeek-R1's stand around a block that counts itself.
const CODE_MARKS: [&[u8]; 10] = [
    b"<tool_call>",
    b"<code>",
    b"<python>",
    b"<|call|>",
    b"<|tool_call_begin|>",
    b"<|tool_call>",
    b"<seed:tool_call>",
    b"<invoke name=",
    "<｜DSML｜invoke".as_bytes(),
    br"<\uff5cDSML\uff5cinvoke",
];

/// Counts the marks in the JSON of what was written. Role lines stand escaped in a text, members bare.
fn count_marks(json: &[u8], facts: &mut Facts) {
    let mut from = 0;
    for at in memchr2_iter(b'`', b'<', json) {
        let rest = json.get(at..).unwrap_or_default();
        let starts = |marks: &[&[u8]]| marks.iter().any(|mark| rest.starts_with(mark));
        match rest {
            [b'`', b'`', b'`', ..] if at >= from => {
                from = at + 3;
                match rest.get(3) {
                    _ if rest.starts_with(b"```output") => facts.observations += 1,
                    Some(letter) if letter.is_ascii_alphabetic() => {
                        facts.programs += 1;
                        facts.languages |= read_language(rest.get(3..).unwrap_or_default());
                    }
                    _ => {}
                }
            }
            [b'<', ..] if starts(&CODE_MARKS) => {
                facts.programs += 1;
                facts.languages |= read_language(b"python");
            }
            [b'<', ..]
                if starts(&[
                    b"<tool_response>",
                    b"<interpreter>",
                    b"<output>",
                    b"<result>",
                ]) =>
            {
                facts.observations += 1;
            }
            _ => {}
        }
    }
    // A line feed may end one role line and begin the next.
    let is_role = |at: &usize| json.get(at + 6..at + 8) == Some(br"\n");
    facts.observations += count(WORDS.tool.find_iter(json).filter(is_role));
    // Inside of a text the quotes of members are escaped.
    let is_text = json.first() == Some(&b'"');
    for at in memchr_iter(b'"', if is_text { b"" } else { json }) {
        let rest = json.get(at..).unwrap_or_default();
        if rest.starts_with(b"\"arguments\"") {
            facts.programs += 1;
            facts.languages |= read_language(b"python");
        } else if rest.starts_with(b"\"tool\"") || rest.starts_with(b"\"source_call_id\"") {
            facts.observations += 1;
        }
    }
    count_failures(json, facts);
}

/// Counts what tells of programs that failed in the JSON of a text, or of several.
fn count_failures(json: &[u8], facts: &mut Facts) {
    let words = &*WORDS;
    facts.tracebacks += count(words.traceback.find_iter(json));
    let errors = words.error.find_iter(json);
    facts.errors += count(errors.filter(|&at| is_error_line(json, at)));
    let stops = words.stop.find_iter(json);
    facts.timeouts += count(stops.filter(|&at| tells_of_stop(json, at + 3)));
}

/// The bit of the language that a tag names.
fn read_language(tag: &[u8]) -> u32 {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'_' | b'-');
    let end = tag.iter().position(|byte| !is_part(byte));
    let name = tag.get(..end.unwrap_or(tag.len())).unwrap_or_default();
    let language = str::from_utf8(name).ok().and_then(Language::from_name);
    language.map_or(0, bit_of)
}

fn bit_of(language: Language) -> u32 {
    let place = LANGUAGES.iter().position(|&one| one == language.name());
    place.map_or(0, |place| 1 << place)
}

/// ```text
/// …\njson.decoder.JSONDecodeError: Expecting value
///                         ^ begins here
/// ```
///
/// Whether a line of the text begins with the name that `Error` ends: a line begins after an escaped line feed
/// or at the quote that opens the text.
fn is_error_line(json: &[u8], at: usize) -> bool {
    if !matches!(json.get(at + 5), Some(b':' | b'"' | b'\\')) {
        return false;
    }
    let before = json.get(..at).unwrap_or_default();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    let start = before.iter().rposition(|byte| !is_part(byte));
    // The `n` of the escape reads as the first letter of the name.
    let Some(start) = start else { return false };
    matches!(before.get(start..), Some([b'"', ..] | [b'\\', b'n', ..]))
}

/// Whether `…ime` goes on as sandboxes word it: `timed out`, `TimeLimitExceeded`, `time limit exceeded`,
/// `Timeout`, but for a parameter or an exception of that name.
fn tells_of_stop(json: &[u8], at: usize) -> bool {
    let rest = json.get(at..).unwrap_or_default();
    [
        &b"d out"[..],
        b"LimitExceeded",
        b" limit exceeded",
        b" Limit Exceeded",
        b"out after",
        b"out\"",
        b"out!",
    ]
    .iter()
    .any(|words| rest.starts_with(words))
}

/// FNV-1a over words of eight bytes: every word changes the number, and there is nobody to hide from.
fn hash(bytes: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| {
        (state ^ word)
            .wrapping_mul(0x0100_0000_01b3)
            .rotate_left(23)
    };
    let (words, rest) = bytes.as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let rest = rest.iter().map(|byte| u64::from(*byte));
    words.chain(rest).fold(0xcbf2_9ce4_8422_2325, mix) >> 11
}

/// Indexes a log that comes in pieces.
#[derive(Debug)]
pub struct FactIndexer {
    lines: LineSplitter,
}

impl FactIndexer {
    /// An indexer of a log from its beginning. Of a line longer than `max_line_bytes` nothing is known but
    /// where it stands.
    #[must_use]
    pub const fn new(max_line_bytes: usize) -> Self {
        Self {
            lines: LineSplitter::new(max_line_bytes),
        }
    }

    /// Takes more bytes, and gives each line that they end to `take`: where it starts and ends in the log, in
    /// bytes, and its facts. Lines of white space are passed over.
    pub fn push(&mut self, chunk: &[u8], mut take: impl FnMut(u64, u64, Facts)) {
        self.lines.push(chunk, |line| index(&line, &mut take));
    }

    /// Gives what stands behind the last line feed.
    pub fn finish(&mut self, mut take: impl FnMut(u64, u64, Facts)) {
        self.lines.finish(|line| index(&line, &mut take));
    }
}

fn index(line: &Line<'_>, take: &mut impl FnMut(u64, u64, Facts)) {
    let facts = line.bytes.map(read_facts).unwrap_or_default();
    if !line
        .bytes
        .is_some_and(|bytes| bytes.trim_ascii().is_empty())
    {
        take(line.start, line.end, facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::{ReadOptions, read_line};

    #[test]
    fn facts_of_messages_are_counted_in_all_of_them() {
        let facts = read_facts(br#"{"messages": [{"role": "assistant", "tool_calls": [{"function": {"arguments": "{}"}}]}, {"role": "tool", "content": "Traceback (most recent call last):"}], "reward": NaN}"#);
        assert_eq!(facts.format, Some(LogFormat::OpenAi));
        assert_eq!(
            (facts.programs, facts.observations, facts.tracebacks),
            (1, 1, 1)
        );
        assert!(facts.score.unwrap().is_nan());
    }

    #[test]
    fn what_messages_begin_with_is_the_prompt() {
        let line = |question: &str, answer: &str| {
            format!(
                r#"{{"messages": [{{"role": "system", "content": "Be brief."}}, {{"role": "user", "content": {question}}}, {{"role": "assistant", "content": "{answer}"}}, {{"role": "user", "content": "And now?"}}], "reward": 1}}"#
            )
        };
        let prompt = |line: &str| {
            let facts = read_facts(line.as_bytes());
            let text = facts
                .prompt_span
                .and_then(|span| line.get(span.start..span.end));
            (facts.prompt, text.unwrap_or_default().to_owned())
        };
        let (number, text) = prompt(&line(r#""What is 2 + 2?""#, "4"));
        assert_eq!(text, r#""What is 2 + 2?""#);
        assert_eq!(prompt(&line(r#""What is 2 + 2?""#, "5")).0, number);
        assert_ne!(prompt(&line(r#""What is 2 + 3?""#, "4")).0, number);
        let parts =
            r#"[{"type": "image_url", "image_url": {}}, {"type": "text", "text": "And here?"}]"#;
        assert_eq!(prompt(&line(parts, "4")).1, r#""And here?""#);
        let line = r#"{"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]}"#;
        assert_eq!(prompt(line).1, r#""Q""#);
        let line = r#"{"prompt": [{"role": "user", "content": "Q"}], "completion": [{"role": "assistant", "content": "A"}]}"#;
        assert_eq!(prompt(line).1, r#""Q""#);
        let line = r#"{"messages": [{"role": "assistant", "content": "A"}]}"#;
        assert_eq!(prompt(line), (0, String::new()));
    }

    #[test]
    fn the_same_prompt_is_the_same_number() {
        let prompt = |input: &str| {
            read_facts(format!("{{\"input\": \"{input}\", \"output\": \"\"}}").as_bytes()).prompt
        };
        assert_eq!(prompt("a question"), prompt("a question"));
        assert_ne!(prompt("a question"), prompt("a questioN"));
        assert!(prompt("a") < 1 << 53);
    }

    #[test]
    fn rollouts_of_one_uid_are_of_one_task() {
        let prompt = |uid: &str| {
            let line = format!(r#"{{"uid": "{uid}", "input": "{uid}", "output": ""}}"#);
            let facts = read_facts(line.as_bytes());
            let rollout = read_line(&line, &ReadOptions::default()).unwrap();
            assert_eq!(facts.prompt, Facts::of(&rollout).prompt);
            facts.prompt
        };
        assert_eq!(prompt("a_0_1"), prompt("a_1_0"));
        assert_ne!(prompt("a_0_1"), prompt("b_0_1"));
    }

    #[test]
    fn facts_of_a_rollout_count_its_steps() {
        let line = r#"{"output": "```python\n1/0\n```\n```output\nTraceback (most recent call last):\nZeroDivisionError: x\n```\n"}"#;
        let facts = Facts::of(&read_line(line, &ReadOptions::default()).unwrap());
        assert_eq!(facts.format, Some(LogFormat::Verl));
        assert_eq!((facts.programs, facts.observations), (1, 1));
        assert_eq!((facts.tracebacks, facts.errors), (1, 1));
    }

    #[test]
    fn errors_are_lines_that_begin_with_their_name() {
        let errors =
            |output: &str| read_facts(format!("{{\"output\": \"{output}\"}}").as_bytes()).errors;
        assert_eq!(
            errors(r"x\njson.decoder.JSONDecodeError: no\nValueError"),
            2
        );
        assert_eq!(errors("TypeError: x"), 1);
        assert_eq!(
            errors(r"except ValueError:\n The Error: none\nErrors: 3"),
            0
        );
    }

    #[test]
    fn the_words_of_sandboxes_for_a_stopped_program_are_known() {
        let timeouts =
            |output: &str| read_facts(format!("{{\"output\": \"{output}\"}}").as_bytes()).timeouts;
        for stopped in [
            "Execution timed out",
            "TimeLimitExceeded",
            "Timeout after 10 s",
            "timeout",
        ] {
            assert_eq!(timeouts(stopped), 1, "{stopped}");
        }
        for fine in ["run(timeout=3)", "three times", "except TimeoutError:"] {
            assert_eq!(timeouts(fine), 0, "{fine}");
        }
    }

    #[test]
    fn languages_are_those_of_the_fences() {
        let facts = read_facts(br#"{"output": "```py\n1\n```\n```c++\n```"}"#);
        let bit = |name| 1 << LANGUAGES.iter().position(|&one| one == name).unwrap();
        assert_eq!(facts.languages, bit("python") | bit("cpp"));
    }

    fn extras(line: &str) -> Vec<(String, f64)> {
        let mut extras = Vec::new();
        let _ = read_facts_and_extras(line.as_bytes(), &mut |name, number| {
            extras.push((name.to_owned(), number));
        });
        let mut exact = Vec::new();
        let rollout = read_line(line, &ReadOptions::default()).unwrap();
        rollout.number_extras(&mut |name, number| exact.push((name.to_owned(), number)));
        assert_eq!(format!("{extras:?}"), format!("{exact:?}"), "{line}");
        extras
    }

    #[test]
    fn numbers_of_the_reward_are_extras_however_they_are_written() {
        let line = r#"{"input": "", "output": "", "score": 1, "step": 2, "acc": true, "len": "0.5", "kl": -1e-3, "best": Infinity, "pred": "x", "tools": [1], "none": null}"#;
        let named = |name: &str, number| (name.to_owned(), number);
        assert_eq!(
            extras(line),
            [
                named("acc", 1.0),
                named("len", 0.5),
                named("kl", -0.001),
                named("best", f64::INFINITY)
            ]
        );
        let nested = r#"{"output": "", "metrics": {"format": 1, "deep": {"x": 1}, "why": "no"}, "a\u0062": 2}"#;
        assert_eq!(
            extras(nested),
            [named("metrics.format", 1.0), named("ab", 2.0)]
        );
    }

    #[test]
    fn a_reward_is_an_extra_beside_a_score_alone() {
        assert_eq!(
            extras(r#"{"reward": 2, "output": "", "score": 1}"#),
            [("reward".to_owned(), 2.0)]
        );
        assert_eq!(extras(r#"{"reward": 2, "output": ""}"#), []);
    }

    #[test]
    fn a_half_line_has_no_facts() {
        assert_eq!(read_facts(br#"{"output": "x"#), Facts::default());
    }
}
