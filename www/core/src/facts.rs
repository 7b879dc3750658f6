//! Lines of a log in, the few facts that a list of rollouts needs out, in columns.

use std::hash::{DefaultHasher, Hash, Hasher};

use fencerun::language::LANGUAGES;
use fencerun::rollout::{Rollout, read_line};

/// A rollout has a program.
pub const CODE: u8 = 1;
/// A recorded observation tells of an error.
pub const ERROR: u8 = 2;
/// A recorded observation tells of a time-out.
pub const TIMEOUT: u8 = 4;
/// The line is no rollout; the preview says why.
pub const UNREADABLE: u8 = 8;
/// The log has a score.
pub const SCORE: u8 = 16;

/// The longest preview, in characters.
const PREVIEW_CHARS: usize = 120;

/// Facts of rollouts, a column a fact, all of the same length.
#[derive(Debug, Clone, Default)]
pub struct Facts {
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
    /// How many programs the steps have.
    pub tools: Vec<u16>,
    /// How many characters the model wrote.
    pub chars: Vec<u32>,
    /// A bit for each place of a language of its programs in [`LANGUAGES`].
    pub languages: Vec<u32>,
    /// The same for rollouts of one prompt, in 53 bits.
    pub group: Vec<f64>,
    /// The end of the prompt, or why the line cannot be read.
    pub preview: Vec<String>,
}

impl Facts {
    /// Takes in a line that begins at `offset`; a blank one has no facts.
    pub fn add(&mut self, bytes: &[u8], offset: f64, line: u32) {
        let text = String::from_utf8_lossy(bytes);
        if text.trim().is_empty() {
            return;
        }
        self.offset.push(offset);
        self.bytes.push(shorten(bytes.len()));
        self.line.push(line);
        match read_line(&text) {
            Ok(rollout) => self.add_rollout(&rollout),
            Err(error) => self.add_unreadable(&error.to_string(), &text),
        }
    }

    fn add_rollout(&mut self, rollout: &Rollout) {
        let mut flags = if rollout.score.is_some() { SCORE } else { 0 };
        let (mut tools, mut chars, mut languages) = (0_usize, 0_usize, 0_u32);
        for step in &rollout.steps {
            chars += count_chars(&step.text);
            if let Some(program) = &step.program {
                tools += 1;
                flags |= CODE;
                languages |= read_bit(program.language.name());
            }
            let recorded = step.recorded.as_deref().unwrap_or_default();
            if tells_of_error(recorded) {
                flags |= ERROR;
            }
            if tells_of_timeout(recorded) {
                flags |= TIMEOUT;
            }
        }
        self.flags.push(flags);
        self.score.push(rollout.score.unwrap_or(f64::NAN));
        #[expect(clippy::cast_precision_loss, reason = "a count of training steps")]
        self.step
            .push(rollout.training_step.map_or(f64::NAN, |step| step as f64));
        self.tools.push(u16::try_from(tools).unwrap_or(u16::MAX));
        self.chars.push(shorten(chars));
        self.languages.push(languages);
        self.group.push(hash(&rollout.input));
        self.preview.push(preview(rollout));
    }

    fn add_unreadable(&mut self, reason: &str, text: &str) {
        self.flags.push(UNREADABLE);
        self.score.push(f64::NAN);
        self.step.push(f64::NAN);
        self.tools.push(0);
        self.chars.push(shorten(count_chars(text)));
        self.languages.push(0);
        self.group.push(hash(text));
        self.preview.push(reason.to_owned());
    }
}

fn shorten(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn read_bit(language: &str) -> u32 {
    let place = LANGUAGES.iter().position(|&name| name == language);
    place.map_or(0, |place| 1 << place)
}

/// How many characters a text has: its bytes less those that continue one.
fn count_chars(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

/// A number that is the same for the same text, and small enough for JavaScript.
fn hash(text: &str) -> f64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let number = (hasher.finish() >> 11) as f64;
    number
}

/// The lines that a person sees of an uncaught exception, in Python (`ValueError: …`, its head) and in Node.
fn tells_of_error(text: &str) -> bool {
    text.lines().any(|line| {
        line.starts_with("Traceback (most recent call last):")
            || line
                .split_once(':')
                .is_some_and(|(name, _)| is_error_name(name))
    }) || text.lines().next_back().is_some_and(is_error_name)
}

/// Whether a line, or what stands before its colon, is the name of an exception: `ValueError`, `json.JSONDecodeError`.
fn is_error_name(name: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    ["Error", "Exception", "Interrupt"]
        .iter()
        .any(|end| name.ends_with(end))
        && name.bytes().all(is_name)
        && name
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic())
}

/// What sandboxes write of a program that was stopped: `Timeout`, `timed out`, `Time limit exceeded`.
fn tells_of_timeout(text: &str) -> bool {
    let words = [
        "timed out",
        "timeout",
        "time out",
        "time-out",
        "time limit",
        "timelimit",
    ];
    // Almost no observation has the word at all.
    text.as_bytes()
        .windows(4)
        .any(|window| window.eq_ignore_ascii_case(b"time"))
        && {
            let lower = text.to_ascii_lowercase();
            words.iter().any(|word| lower.contains(word))
        }
}

/// The last line of the prompt that says something: what stands before is often the same for all.
fn preview(rollout: &Rollout) -> String {
    let is_role = |line: &str| matches!(line, "system" | "user" | "assistant" | "tool");
    let says = |line: &&str| !line.is_empty() && !is_role(line);
    let line = rollout.input.lines().rev().map(str::trim).find(says);
    let first = || rollout.steps.first().map(|step| step.text.trim());
    let line = line.or_else(first).unwrap_or_default();
    let mut preview: String = line.chars().take(PREVIEW_CHARS).collect();
    if preview.len() < line.len() {
        preview.push('…');
    }
    preview
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Facts {
        let mut facts = Facts::default();
        facts.add(line.as_bytes(), 7.0, 3);
        facts
    }

    #[test]
    fn a_rollout_has_facts() {
        let facts = read(
            "{\"input\": \"user\\nWhat?\\nassistant\\n\", \"output\": \"é\\n```python\\n1/0\\n```\\n```output\\nZeroDivisionError: x\\n```\\n\", \"score\": 0.5, \"step\": 4}",
        );
        assert_eq!(facts.flags, [CODE | ERROR | SCORE]);
        assert_eq!((facts.offset[0], facts.line[0]), (7.0, 3));
        assert_eq!((facts.score[0], facts.step[0]), (0.5, 4.0));
        assert_eq!((facts.tools[0], facts.languages[0]), (1, 1));
        assert_eq!(facts.preview, ["What?"]);
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
    fn errors_are_known_by_their_last_lines() {
        for error in [
            "Traceback (most recent call last):\n  File",
            "x\njson.decoder.JSONDecodeError: Expecting value",
            "KeyboardInterrupt",
            "Uncaught\nTypeError: x is not a function",
        ] {
            assert!(tells_of_error(error), "{error}");
        }
        for fine in [
            "1\n2\n",
            "The Error: none",
            "Errors 3",
            "no error: all fine",
            "",
        ] {
            assert!(!tells_of_error(fine), "{fine}");
        }
    }

    #[test]
    fn timeouts_are_known_in_any_wording() {
        for stopped in [
            "Timeout",
            "Execution timed out after 10 s",
            "TimeLimitExceeded",
        ] {
            assert!(tells_of_timeout(stopped), "{stopped}");
        }
        for fine in ["three times", "time 12:00", "outtime"] {
            assert!(!tells_of_timeout(fine), "{fine}");
        }
    }
}
