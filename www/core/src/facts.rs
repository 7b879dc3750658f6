//! Lines of a log in, the few facts that a list of rollouts shows out, in columns.

use fencerun::python::json::loads;
use fencerun::rollout::{ReadOptions, read_facts, read_line};

/// A rollout has a program.
pub const CODE: u8 = 1;
/// It tells of an error.
pub const ERROR: u8 = 2;
/// It tells of a program that was stopped.
pub const TIMEOUT: u8 = 4;
/// The line is no rollout; the preview says why.
pub const UNREADABLE: u8 = 8;
/// The log has a score.
pub const SCORE: u8 = 16;

/// The longest preview, in characters.
const PREVIEW_CHARS: usize = 120;

/// Facts of rollouts, a column a fact, all of the same length.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Where the line begins in the file, in bytes.
    pub offset: Vec<f64>,
    /// The length of the line in bytes.
    pub bytes: Vec<u32>,
    /// The number of the line, counted from 0.
    pub line: Vec<u32>,
    /// Any of the flags above.
    pub flags: Vec<u8>,
    /// The score; NaN where there is none.
    pub score: Vec<f64>,
    /// The training step; NaN where there is none.
    pub step: Vec<f64>,
    /// How many programs were opened.
    pub tools: Vec<u16>,
    /// The length of what was written, in bytes of JSON.
    pub written: Vec<u32>,
    /// A bit for each place of a language of its code in `LANGUAGES`.
    pub languages: Vec<u32>,
    /// The same for rollouts of one prompt.
    pub group: Vec<f64>,
    /// The end of the prompt, or why the line cannot be read.
    pub preview: Vec<String>,
}

impl Columns {
    /// Takes in a line that begins at `offset`; a blank one has no facts.
    pub fn add(&mut self, bytes: &[u8], offset: f64, line: u32) {
        if bytes.trim_ascii().is_empty() {
            return;
        }
        let facts = read_facts(bytes);
        let has = |flag, is: bool| if is { flag } else { 0 };
        self.offset.push(offset);
        self.bytes.push(shorten(bytes.len()));
        self.line.push(line);
        self.flags.push(
            has(CODE, facts.programs > 0)
                | has(ERROR, facts.tracebacks > 0 || facts.errors > 0)
                | has(TIMEOUT, facts.timeouts > 0)
                | has(UNREADABLE, facts.format.is_none())
                | has(SCORE, facts.score.is_some()),
        );
        self.score.push(facts.score.unwrap_or(f64::NAN));
        self.step.push(facts.training_step.unwrap_or(f64::NAN));
        self.tools
            .push(u16::try_from(facts.programs).unwrap_or(u16::MAX));
        self.written.push(shorten(facts.output_bytes));
        self.languages.push(facts.languages);
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        self.group.push(facts.prompt as f64);
        let prompt = facts
            .prompt_span
            .and_then(|span| bytes.get(span.start..span.end));
        self.preview.push(if facts.format.is_none() {
            explain(bytes)
        } else {
            preview(prompt.unwrap_or_default())
        });
    }
}

fn shorten(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Why a line is no rollout.
fn explain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    read_line(&text, &ReadOptions::default())
        .err()
        .map_or_else(String::new, |error| error.to_string())
}

/// The last line of the prompt that says something, of its JSON: what stands before is often the same for all.
fn preview(json: &[u8]) -> String {
    let text = json.strip_prefix(b"\"").unwrap_or_default();
    let mut rest = text.strip_suffix(b"\"").unwrap_or_default();
    loop {
        let start = rest.windows(2).rposition(|pair| pair == b"\\n");
        let line = start.map_or(rest, |start| rest.get(start + 2..).unwrap_or_default());
        let words = line.trim_ascii();
        if !matches!(words, b"" | b"system" | b"user" | b"assistant" | b"tool") {
            return cut(&decode(words));
        }
        let Some(start) = start else {
            return String::new();
        };
        rest = rest.get(..start).unwrap_or_default();
    }
}

/// The text that stands in JSON without its quotes; as it is, where it was cut inside of an escape.
fn decode(json: &[u8]) -> String {
    let json = String::from_utf8_lossy(json);
    let text = loads(&format!("\"{json}\"")).ok();
    text.and_then(|value| value.to_text())
        .unwrap_or_else(|| json.into_owned())
}

fn cut(line: &str) -> String {
    let mut preview: String = line.chars().take(PREVIEW_CHARS).collect();
    if preview.len() < line.len() {
        preview.push('…');
    }
    preview
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Columns {
        let mut columns = Columns::default();
        columns.add(line.as_bytes(), 7.0, 3);
        columns
    }

    #[test]
    fn a_rollout_has_facts() {
        let facts = read(
            r#"{"input": "user\nWhat \u00e9?\nassistant\n", "output": "```python\n1/0\n```\n```output\nZeroDivisionError: x\n```\n", "score": 0.5, "step": 4}"#,
        );
        assert_eq!(facts.flags, [CODE | ERROR | SCORE]);
        assert_eq!((facts.offset[0], facts.line[0]), (7.0, 3));
        assert_eq!((facts.score[0], facts.step[0]), (0.5, 4.0));
        assert_eq!((facts.tools[0], facts.languages[0]), (1, 1));
        assert_eq!(facts.preview, ["What é?"]);
    }

    #[test]
    fn a_line_that_is_no_rollout_says_why() {
        let facts = read("{\"output\": \"half");
        assert_eq!(facts.flags, [UNREADABLE]);
        assert!(
            facts.preview[0].starts_with("not JSON"),
            "{:?}",
            facts.preview
        );
    }

    #[test]
    fn a_blank_line_has_no_facts() {
        assert!(read("  \r").flags.is_empty());
    }

    #[test]
    fn a_long_line_of_the_prompt_is_cut() {
        let facts = read(&format!(
            r#"{{"input": "{}", "output": ""}}"#,
            "é".repeat(200)
        ));
        assert_eq!(facts.preview, [format!("{}…", "é".repeat(120))]);
    }
}
