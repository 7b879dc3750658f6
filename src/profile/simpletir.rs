//! `SimpleTIR`.

use super::rules::find::find;
use super::rules::show::{fill, streams};
use super::rules::truncate::keep_ends_and_say_so;
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::search::contains;
use crate::python::text::{split_lines, strip};

/// What is put in front of every program.
pub const FINAL_ANSWER: &str = concat!(
    "\ndef final_answer(result):\n",
    "    print(f\"\\\\boxed{{{result}}}\")\n\n"
);

/// How the model shows its answer, in its text or in what its code prints.
pub const BOX: &str = "\\boxed{";

/// The profiles of `SimpleTIR`.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "simpletir",
    source: prose("ltzheng/SimpleTIR recipe/simpletir/agent_utils.py"),
    version: prose("e7b5b4430fe2"),
    description: prose(
        "first fence with `python`, `py` or nothing; `final_answer` put in front; errors replace output",
    ),
    extract: Some(extract),
    observe: Some(|result, _| {
        let (stdout, stderr) = streams(result);
        observe_streams(stdout, stderr)
    }),
}];

fn extract(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    if contains(text, BOX) {
        extracted.kind = Some("answer");
    }
    if let Some(found) = find(text, "```(?:python|py)?\n(.*?)\n```") {
        extracted.python(text, &[FINAL_ANSWER, strip(found.body)].concat());
    } else if extracted.kind.is_none() {
        // Neither code nor answer: the turn is void.
        extracted.reply = Some("\n");
    }
}

/// What the model reads of a run: its output, or in its place the last line of its errors.
#[must_use]
pub fn observe_streams(stdout: &str, stderr: &str) -> String {
    let shown = match (stdout, stderr) {
        ("", "") => return String::new(),
        (stdout, "") => stdout,
        (_, stderr) => split_lines(stderr).last().copied().unwrap_or_default(),
    };
    fill(
        "\nCode execution result: {}\n",
        &[&keep_ends_and_say_so(shown, 512)],
    )
}
