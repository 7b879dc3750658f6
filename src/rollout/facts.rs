//! A line of a log in, what a list of rollouts shows of it out, without reading all of it.
//!
//! A log of a gigabyte is indexed so in seconds. The counts are those of marks in the text, so a rollout that
//! talks about marks has some more; [`read_line`](super::read_line) is exact.

use memchr::{memchr2_iter, memchr3_iter};

use super::LogFormat;
use super::json::read_number;
use super::lines::{Line, LineSplitter};
use super::members::scan_members;
use crate::python::json::loads_bytes;
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
    /// The same number for lines with the same prompt, byte for byte, and as a rule another one for others:
    /// what to group by. Below 2⁵³.
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
    let mut facts = Facts::default();
    let Some(members) = scan_members(line) else {
        return facts;
    };
    let of = |span: Span| line.get(span.start..span.end).unwrap_or_default();
    let number = |span| loads_bytes(of(span)).ok().as_ref().and_then(read_number);
    for member in members {
        let is_text = line.get(member.value.start) == Some(&b'"');
        match of(member.name) {
            b"\"score\"" => facts.score = number(member.value),
            b"\"reward\"" if facts.score.is_none() => facts.score = number(member.value),
            b"\"step\"" => {
                facts.training_step = number(member.value);
            }
            b"\"input\"" | b"\"question\"" | b"\"prompt\"" => {
                facts.prompt = hash(of(member.value));
                facts.input_bytes = member.value.len();
            }
            name => {
                let format = match name {
                    b"\"output\"" if is_text => LogFormat::Verl,
                    b"\"messages\"" | b"\"conversations\"" => LogFormat::OpenAi,
                    b"\"completion\"" if !is_text => LogFormat::OpenAi,
                    b"\"code\"" if !is_text => LogFormat::Tora,
                    b"\"steps\"" => LogFormat::Atif,
                    b"\"message\"" | b"\"harness\"" => LogFormat::Sts,
                    b"\"response\"" | b"\"completion\"" | b"\"generation\"" | b"\"text\""
                        if is_text =>
                    {
                        LogFormat::Text
                    }
                    _ => continue,
                };
                if facts.format.is_none() {
                    facts.format = Some(format);
                    facts.output_bytes = member.value.len();
                    count_marks(of(member.value), &mut facts);
                }
            }
        }
    }
    facts
}

/// Counts the marks in the JSON of what was written. Role lines stand escaped in a text, members bare.
fn count_marks(json: &[u8], facts: &mut Facts) {
    let mut from = 0;
    for at in memchr3_iter(b'`', b'<', b'\\', json) {
        let rest = json.get(at..).unwrap_or_default();
        let starts = |marks: &[&[u8]]| marks.iter().any(|mark| rest.starts_with(mark));
        match rest {
            [b'\\', b'n', b't', ..] if rest.starts_with(br"\ntool\n") => facts.observations += 1,
            [b'`', b'`', b'`', ..] if at >= from => {
                from = at + 3;
                match rest.get(3) {
                    _ if rest.starts_with(b"```output") => facts.observations += 1,
                    Some(letter) if letter.is_ascii_alphabetic() => facts.programs += 1,
                    _ => {}
                }
            }
            [b'<', ..] if starts(&[b"<tool_call>", b"<code>", b"<python>"]) => facts.programs += 1,
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
    for at in memchr2_iter(b'"', b'T', json) {
        let rest = json.get(at..).unwrap_or_default();
        if rest.starts_with(b"Traceback (most recent call last)") {
            facts.tracebacks += 1;
        } else if rest.starts_with(b"\"arguments\"") {
            facts.programs += 1;
        } else if rest.starts_with(b"\"tool\"") || rest.starts_with(b"\"source_call_id\"") {
            facts.observations += 1;
        }
    }
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
    fn the_same_prompt_is_the_same_number() {
        let prompt = |input: &str| {
            read_facts(format!("{{\"input\": \"{input}\", \"output\": \"\"}}").as_bytes()).prompt
        };
        assert_eq!(prompt("a question"), prompt("a question"));
        assert_ne!(prompt("a question"), prompt("a questioN"));
        assert!(prompt("a") < 1 << 53);
    }

    #[test]
    fn a_half_line_has_no_facts() {
        assert_eq!(read_facts(br#"{"output": "x"#), Facts::default());
    }
}
