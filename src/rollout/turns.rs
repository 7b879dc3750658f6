//! A text with roles on lines of their own in, turns out.
//!
//! Chat templates open a turn with its role on a line; where a text was decoded without special
//! tokens, nothing but that line is left.

use crate::python::value::Value;

/// Who wrote a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Instructions: also what other logs call `developer`.
    System,
    /// The task, and whoever stands for a user.
    User,
    /// The model.
    Assistant,
    /// What answers for a tool.
    Tool,
}

impl Role {
    /// Its name, the one of `OpenAI`'s messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }

    /// The role of a message, by what different logs call it. Who is unknown counts as a user.
    pub(super) fn from_message(name: &str) -> Self {
        match name {
            "system" | "developer" => Self::System,
            "assistant" | "agent" | "gpt" | "model" | "ai" | "tool-call" => Self::Assistant,
            "tool" | "function" | "ipython" | "observation" | "environment" | "tool-response" => {
                Self::Tool
            }
            _ => Self::User,
        }
    }

    fn from_line(line: &str) -> Option<Self> {
        let line = line.trim_end();
        match line.strip_prefix(OPENING).unwrap_or(line) {
            "assistant" => Some(Self::Assistant),
            "tool" => Some(Self::Tool),
            "user" => Some(Self::User),
            "system" => Some(Self::System),
            _ => None,
        }
    }

    /// Whether a turn of `next` can follow in a conversation; else the line is part of the turn, as a
    /// program that prints `user` makes one. `given` is what the model was given, where alone a
    /// conversation begins and the user may speak after a tool.
    const fn may_precede(self, next: Self, given: bool) -> bool {
        match (self, next) {
            (Self::Assistant, Self::User | Self::Tool)
            | (Self::Tool, Self::Assistant | Self::Tool)
            | (Self::User, Self::Assistant) => true,
            (Self::System, Self::User | Self::Assistant) | (Self::Tool, Self::User) => given,
            _ => false,
        }
    }
}

/// What one role wrote at a stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Who wrote it.
    pub role: Role,
    /// The text. In texts with role lines: everything between two such lines, as it stands.
    pub text: String,
    /// Whether the model was given it, rather than it being part of the rollout.
    pub given: bool,
    /// What the model thought, where the log keeps that apart from the text.
    pub thinking: Option<String>,
    /// The tool calls of the turn that the log keeps apart from the text.
    pub calls: Vec<Call>,
    /// The identifier of the call that a tool's turn answers.
    pub call_id: Option<String>,
}

impl Turn {
    pub(super) fn new(role: Role, text: impl Into<String>, given: bool) -> Self {
        Self {
            role,
            text: text.into(),
            given,
            thinking: None,
            calls: Vec::new(),
            call_id: None,
        }
    }
}

/// A tool call that a log keeps apart from the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The identifier that answers refer to.
    pub id: Option<String>,
    /// The name of the tool; empty when the log has none.
    pub name: String,
    /// The arguments, as a rule a text with JSON in it.
    pub arguments: Value,
}

/// What opens a turn, and what closes it, where special tokens were kept.
const OPENING: &str = "<|im_start|>";
pub(super) const CLOSING: &str = "<|im_end|>";

/// Cuts a text where a role stands alone on a line. What stands before the first such line was written
/// by `first`. Turns of white space alone are none, but for a tool's: it may have printed nothing.
pub(super) fn split_turns(text: &str, first: Role, given: bool) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut role = first;
    let (mut start, mut position) = (0, 0);
    let mut opened = false;
    for line in text.split_inclusive('\n') {
        if let Some(next) = Role::from_line(line) {
            let turn = text.get(start..position).unwrap_or_default();
            let is_front = !opened && turn.trim().is_empty();
            if is_front || !opened && given || role.may_precede(next, given) {
                turns.push(Turn::new(role, turn, given));
                (role, start, opened) = (next, position + line.len(), true);
            }
        }
        position += line.len();
    }
    turns.push(Turn::new(
        role,
        text.get(start..).unwrap_or_default(),
        given,
    ));
    turns.retain(|turn| turn.role == Role::Tool || !turn.text.trim().is_empty());
    turns
}

/// The text of turns, each behind a line with its role: what [`split_turns`] reads.
pub(super) fn join_turns<'a>(turns: impl Iterator<Item = &'a Turn>) -> String {
    let lines = turns.flat_map(|turn| [turn.role.name(), "\n", turn.text.as_str(), "\n"]);
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(Role, String)> {
        let turns = split_turns(text, Role::Assistant, false);
        turns
            .into_iter()
            .map(|turn| (turn.role, turn.text))
            .collect()
    }

    #[test]
    fn a_role_alone_on_a_line_opens_a_turn() {
        assert_eq!(
            split("a\ntool\n1\nassistant\nb\nuser\nc\nassistant\nd"),
            [
                (Role::Assistant, "a\n".to_owned()),
                (Role::Tool, "1\n".to_owned()),
                (Role::Assistant, "b\n".to_owned()),
                (Role::User, "c\n".to_owned()),
                (Role::Assistant, "d".to_owned()),
            ]
        );
    }

    #[test]
    fn a_role_that_cannot_follow_is_part_of_the_turn() {
        assert_eq!(
            split("a\ntool\nuser\nsystem\n\nassistant\nb\nassistant\nc"),
            [
                (Role::Assistant, "a\n".to_owned()),
                (Role::Tool, "user\nsystem\n\n".to_owned()),
                (Role::Assistant, "b\nassistant\nc".to_owned()),
            ]
        );
    }

    #[test]
    fn an_output_may_open_with_its_role() {
        assert_eq!(split("assistant\na"), [(Role::Assistant, "a".to_owned())]);
    }

    #[test]
    fn special_tokens_may_have_been_kept() {
        assert_eq!(
            split("a<|im_end|>\n<|im_start|>tool\n1<|im_end|>\n<|im_start|>assistant\nb"),
            [
                (Role::Assistant, "a<|im_end|>\n".to_owned()),
                (Role::Tool, "1<|im_end|>\n".to_owned()),
                (Role::Assistant, "b".to_owned()),
            ]
        );
    }
}
