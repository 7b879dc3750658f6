//! Lines of a log in, the few facts that a list of rollouts shows out, in columns.

use fencerun::python::json::loads;
use fencerun::rollout::{
    Entry, Facts, LineError, LogFormat, ReadOptions, read_facts, read_facts_and_extras, read_line,
};

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

/// So many names of extras are kept, and none that is longer: a log that names them by the rollout would fill the memory.
const MAX_EXTRAS: usize = 64;
const MAX_NAME_BYTES: usize = 64;

/// A number of those rollouts that have it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra {
    /// What the log calls it.
    pub name: String,
    /// Which of the rollouts have it, in order; one that names it twice stands here twice, and the last counts.
    pub rows: Vec<u32>,
    /// The number of each.
    pub values: Vec<f64>,
}

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
    /// The ends of the prompts, or why the lines cannot be read, one behind the other.
    pub preview: String,
    /// Where each preview ends in `preview`, in bytes.
    pub preview_end: Vec<u32>,
    /// The numbers among the extras, by name.
    pub extras: Vec<Extra>,
}

impl Columns {
    /// Takes in a line that begins at `offset`; a blank one has no facts.
    pub fn add(&mut self, bytes: &[u8], offset: f64, line: u32) {
        if bytes.trim_ascii().is_empty() {
            return;
        }
        let row = self.offset.len();
        let extras = &mut self.extras;
        let facts = read_facts_and_extras(bytes, &mut |name, number| {
            add_extra(extras, row, name, number);
        });
        let prompt = facts
            .prompt_span
            .and_then(|span| bytes.get(span.start..span.end));
        let preview = if facts.format.is_none() {
            explain(bytes)
        } else {
            preview(prompt.unwrap_or_default())
        };
        self.push(&facts, offset, bytes.len(), line, &preview);
    }

    /// Takes in a line that is longer than `max_bytes` and so was not kept.
    pub fn add_too_long(&mut self, bytes: usize, offset: f64, line: u32, max_bytes: usize) {
        let reason = LineError::TooLong { max_bytes }.to_string();
        self.push(&Facts::default(), offset, bytes, line, &reason);
    }

    /// Takes in a rollout that may stand on several lines, or what cannot be read as one.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    pub fn add_entry(&mut self, entry: &Entry) {
        let row = self.offset.len();
        let (facts, preview) = match &entry.result {
            Ok(rollout) => {
                rollout.number_extras(&mut |name, number| {
                    add_extra(&mut self.extras, row, name, number);
                });
                let prompt = rollout.input.lines().rev().map(str::trim);
                let line = prompt
                    .into_iter()
                    .find(|line| says_something(line.as_bytes()));
                (Facts::of(rollout), cut(line.unwrap_or_default()))
            }
            Err(error) => (Facts::default(), error.to_string()),
        };
        let bytes = usize::try_from(entry.end - entry.start).unwrap_or(usize::MAX);
        let line = u32::try_from(entry.line - 1).unwrap_or(u32::MAX);
        self.push(&facts, entry.start as f64, bytes, line, &preview);
    }

    fn push(&mut self, facts: &Facts, offset: f64, bytes: usize, line: u32, preview: &str) {
        let has = |flag, is: bool| if is { flag } else { 0 };
        self.offset.push(offset);
        self.bytes.push(shorten(bytes));
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
        self.preview.push_str(preview);
        self.preview_end.push(shorten(self.preview.len()));
    }
}

fn add_extra(extras: &mut Vec<Extra>, row: usize, name: &str, number: f64) {
    let known = extras.iter().position(|extra| extra.name == name);
    let place = known.unwrap_or(extras.len());
    if known.is_none() && extras.len() < MAX_EXTRAS && name.len() <= MAX_NAME_BYTES {
        extras.push(Extra {
            name: name.to_owned(),
            ..Extra::default()
        });
    }
    if let Some(extra) = extras.get_mut(place) {
        extra.rows.push(shorten(row));
        extra.values.push(number);
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
        if says_something(words) {
            return cut(&decode(words));
        }
        let Some(start) = start else {
            return String::new();
        };
        rest = rest.get(..start).unwrap_or_default();
    }
}

fn says_something(line: &[u8]) -> bool {
    !matches!(line, b"" | b"system" | b"user" | b"assistant" | b"tool")
}

/// How the rollouts of a log stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One a line.
    Lines,
    /// On several lines each, or in one document.
    Entries,
    /// All of it is one text.
    Text,
}

/// The layout of a log that begins with `head`, as far as its first line tells; `is_whole` when there is no more.
#[must_use]
pub fn guess_layout(head: &[u8], is_whole: bool) -> Layout {
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let head = head.trim_ascii_start();
    let end = head.iter().position(|&byte| byte == b'\n');
    let line = end.map_or(head, |end| head.get(..end).unwrap_or_default());
    let is_cut = end.is_none() && !is_whole;
    match line.first() {
        None | Some(b'"') => Layout::Lines,
        Some(b'[') => Layout::Entries,
        Some(b'{') if is_cut => Layout::Lines,
        Some(b'{') => match read_facts(line).format {
            None | Some(LogFormat::Sts) => Layout::Entries,
            Some(_) => Layout::Lines,
        },
        Some(_) => Layout::Text,
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
    use fencerun::rollout::Reader;

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
        assert_eq!(facts.preview, "What é?");
        assert_eq!(facts.preview_end, [8]);
    }

    #[test]
    fn extras_belong_to_the_rollouts_that_have_them() {
        let mut columns = Columns::default();
        for line in [
            r#"{"output": "", "acc": 1}"#,
            "half",
            r#"{"output": "", "kl": 0.5, "acc": 0}"#,
        ] {
            columns.add(line.as_bytes(), 0.0, 0);
        }
        let found: Vec<_> = columns
            .extras
            .iter()
            .map(|extra| {
                (
                    extra.name.as_str(),
                    extra.rows.as_slice(),
                    extra.values.as_slice(),
                )
            })
            .collect();
        let expected: [(&str, &[u32], &[f64]); 2] =
            [("acc", &[0, 2], &[1.0, 0.0]), ("kl", &[2], &[0.5])];
        assert_eq!(found, expected);
    }

    #[test]
    fn names_of_extras_are_bounded() {
        let mut columns = Columns::default();
        for index in 0..200 {
            let line = format!(r#"{{"output": "", "x{index}": 1}}"#);
            columns.add(line.as_bytes(), 0.0, 0);
        }
        let long = format!(r#"{{"output": "", "{}": 1}}"#, "y".repeat(65));
        columns.add(long.as_bytes(), 0.0, 0);
        assert_eq!(columns.extras.len(), 64);
    }

    #[test]
    fn a_line_that_is_no_rollout_says_why() {
        let facts = read("{\"output\": \"half");
        assert_eq!(facts.flags, [UNREADABLE]);
        assert!(facts.preview.starts_with("not JSON"), "{}", facts.preview);
    }

    #[test]
    fn the_first_line_tells_the_layout() {
        let guess = |head: &str| guess_layout(head.as_bytes(), true);
        assert_eq!(
            guess("\n{\"input\": \"\", \"output\": \"\"}\n{"),
            Layout::Lines
        );
        assert_eq!(guess("{\n  \"steps\": []\n}\n"), Layout::Entries);
        assert_eq!(guess("[{\"output\": \"\"}]"), Layout::Entries);
        assert_eq!(guess("The answer:\n```python\n1\n```\n"), Layout::Text);
        assert_eq!(guess_layout(b"{\"output\": \"lon", false), Layout::Lines);
        assert_eq!(guess(""), Layout::Lines);
    }

    #[test]
    fn a_rollout_on_several_lines_has_the_facts_of_its_entry() {
        let log = "[\n{\"input\": \"user\\nQ\\nassistant\\n\",\n \"output\": \"```python\\n1\\n```\"}\n]\n";
        let mut reader = Reader::new(ReadOptions::default(), 1 << 20);
        let mut entries = reader.push(log.as_bytes());
        entries.extend(reader.finish());
        let mut columns = Columns::default();
        for entry in &entries {
            columns.add_entry(entry);
        }
        assert_eq!((columns.offset[0], columns.line[0]), (2.0, 1));
        assert_eq!(columns.preview, "Q");
        assert_eq!((columns.flags[0], columns.tools[0]), (CODE, 1));
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
        assert_eq!(facts.preview, format!("{}…", "é".repeat(120)));
    }
}
