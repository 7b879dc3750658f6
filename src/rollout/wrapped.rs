//! What frameworks put around a tool's answer in, the answer out.

use super::turns::{CLOSING, Role, Turn};
use crate::python::search::{find, places};
use crate::span::Span;

/// The tags around observations: `<tool_response>` of Qwen's chat templates, `<interpreter>` of `ReTool`,
/// `<output>` and `<result>` of verl-tool and its kin.
const TAGS: [&str; 4] = ["tool_response", "interpreter", "output", "result"];

/// What stands in front of an observation that is not closed by anything: `SimpleTIR`, GEM, verl-tool.
const PREFIXES: [&str; 2] = ["Code execution result:", "Execution results:"];

/// What stands in front of an observation that was written into the model's turn: the end of its code.
const CODE_ENDS: [&str; 4] = ["```", "</code>", "</python>", "</tool_call>"];

/// The observations in a turn that answers the model: a tool's turn whole, another only what it wraps.
///
/// ```text
/// <tool_response>
/// 7
/// </tool_response>
/// ^ each of these, without the line feed behind its opening tag
/// ```
pub(super) fn read_answers(turn: &Turn) -> Vec<&str> {
    let text = turn.text.trim_end();
    let text = text.strip_suffix(CLOSING).unwrap_or(&turn.text);
    let mut answers = Vec::new();
    let mut rest = text;
    while let Some((answer, after)) = unwrap_tag(rest).or_else(|| unwrap_fence(rest)) {
        answers.push(answer);
        rest = after;
    }
    let start = text.trim_start();
    let prefix = PREFIXES.into_iter().find(|prefix| {
        let front = start.get(..prefix.len());
        front.is_some_and(|front| front.eq_ignore_ascii_case(prefix))
    });
    if let Some(observed) = prefix.and_then(|prefix| start.get(prefix.len()..)) {
        answers.push(observed.trim_start());
    } else if answers.is_empty() && turn.role == Role::Tool {
        answers.push(text);
    }
    answers
}

/// The text between a tag at the front and the tag that closes it: the first that is followed by the end or
/// by another observation, as an observation may hold such a tag itself. Also gives what follows.
fn unwrap_tag(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let name = TAGS.into_iter().find(|name| {
        text.strip_prefix('<')
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('>'))
    })?;
    let body = text.get(name.len() + 2..)?;
    let close = format!("</{name}>");
    let mut first = None;
    for at in places(body, &close) {
        let after = body.get(at + close.len()..)?;
        let next = after.trim_start();
        first.get_or_insert((at, after));
        if next.is_empty()
            || next
                .strip_prefix('<')
                .is_some_and(|next| next.starts_with(name))
        {
            first = Some((at, after));
            break;
        }
    }
    let (end, after) = first?;
    let body = body.get(..end)?;
    Some((body.strip_prefix('\n').unwrap_or(body), after))
}

fn unwrap_fence(text: &str) -> Option<(&str, &str)> {
    let body = text.trim_start().strip_prefix("```output\n")?;
    let end = if body.starts_with("```") {
        0
    } else {
        find(body, "\n```")? + 1
    };
    Some((body.get(..end)?, body.get(end + 3..)?))
}

/// A piece of the model's turn, and the observations that were written into the turn behind it.
pub(super) struct Piece<'a> {
    pub(super) span: Span,
    pub(super) recorded: Vec<&'a str>,
}

/// Cuts a turn of the model at the observations in tags that stand directly behind code or behind another one.
/// The last piece has none; it may be empty.
pub(super) fn cut_at_tags(turn: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(open) = memchr::memchr(b'<', turn.as_bytes().get(from..).unwrap_or_default()) {
        let at = from + open;
        from = at + 1;
        let Some((name, before)) = TAGS
            .into_iter()
            .find(|name| {
                let rest = turn.get(at + 1..).unwrap_or_default();
                rest.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('>'))
            })
            .zip(turn.get(start..at))
        else {
            continue;
        };
        let before = before.trim_end();
        let is_next = !pieces.is_empty() && before.is_empty();
        if !is_next && !CODE_ENDS.iter().any(|end| before.ends_with(end)) {
            continue;
        }
        let body = at + name.len() + 2;
        let rest = turn.get(body..).unwrap_or_default();
        // An observation that the end of the text cuts short has no closing tag.
        let close = format!("</{name}>");
        let length = find(rest, &close);
        let recorded = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let recorded = recorded.strip_prefix('\n').unwrap_or(recorded);
        match pieces.last_mut().filter(|_| is_next) {
            Some(Piece { recorded: all, .. }) => all.push(recorded),
            None => pieces.push(Piece {
                span: Span::new(start, at),
                recorded: vec![recorded],
            }),
        }
        start = length.map_or(turn.len(), |length| body + length + close.len());
        from = start;
    }
    pieces.push(Piece {
        span: Span::new(start, turn.len()),
        recorded: Vec::new(),
    });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(role: Role, text: &str) -> Vec<String> {
        let turn = Turn::new(role, text, false);
        read_answers(&turn).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_users_turn_answers_only_in_a_wrapper() {
        assert_eq!(answers(Role::User, "thanks"), Vec::<String>::new());
        assert_eq!(
            answers(Role::User, "<interpreter>\n7\n</interpreter>\n"),
            ["7\n"]
        );
        assert_eq!(answers(Role::User, "```output\n7\n```\n"), ["7\n"]);
        assert_eq!(answers(Role::User, "```output\n```"), [""]);
        assert_eq!(answers(Role::Tool, "7\n"), ["7\n"]);
        assert_eq!(answers(Role::User, "\nCode execution result: 7\n"), ["7\n"]);
    }

    #[test]
    fn a_turn_may_hold_several_answers() {
        let text = "<tool_response>\n1\n</tool_response>\n<tool_response>\n2\n</tool_response><|im_end|>\n";
        assert_eq!(answers(Role::User, text), ["1\n", "2\n"]);
    }

    #[test]
    fn an_answer_may_hold_its_own_closing_tag() {
        let text = "<tool_response>\nprint('</tool_response>')\n</tool_response>\n";
        assert_eq!(answers(Role::Tool, text), ["print('</tool_response>')\n"]);
    }

    #[test]
    fn a_tag_that_does_not_stand_behind_code_is_text() {
        assert_eq!(cut_at_tags("The <output>x</output> tag").len(), 1);
        assert_eq!(
            cut_at_tags("```html\n<b>\n<output>x</output>\n```").len(),
            1
        );
        assert_eq!(
            cut_at_tags("```python\n1\n```\n<output>\n1\n</output>").len(),
            2
        );
    }
}
