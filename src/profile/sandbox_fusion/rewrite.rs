//! Code in, the part of it that a test harness wants out, language by language.

use std::borrow::Cow;

use crate::profile::ExtractOptions;
use crate::profile::rules::clean::cut_at;
use crate::profile::rules::find::find;
use crate::profile::rules::lines::keep_lines;
use crate::profile::rules::show::fill;
use crate::python::search::{self, contains, find_last, join, split, split_once};
use crate::python::text::{split_lines, text_between, text_from, text_to};

/// Where the main part of a script in Python begins.
pub(crate) const PYTHON_MAIN: &str = "if __name__ == \"__main__\":";
const CPP_MAIN: &str = "int main()";
const EXAMPLE: &str = "# Example usage";
const GO_PACKAGE: &str = "package main";

/// Code that stands in the model's text until it is changed.
type Code<'a> = Cow<'a, str>;

/// Cuts before `# Example usage`, in any language.
pub(super) fn cut_example(code: &mut Code<'_>) {
    cut(code, EXAMPLE);
}

#[inline(never)]
fn cut(code: &mut Code<'_>, mark: &str) {
    match code {
        Cow::Borrowed(code) => *code = cut_at(code, mark),
        Cow::Owned(code) => *code = cut_at(code, mark).to_owned(),
    }
}

#[inline(never)]
pub(super) fn replace(code: &mut Code<'_>, part: &str, by: &str) {
    if contains(code, part) {
        set(code, search::replace(code, part, by));
    }
}

#[inline(never)]
fn set(code: &mut Code<'_>, new: String) {
    *code = Cow::Owned(new);
}

/// `remove_entripoints`: cuts before the main part of Python and C++, removes Go's package.
#[must_use]
pub fn remove_entry_points<'a>(code: &'a str, language: &str) -> Cow<'a, str> {
    let mut code = Cow::Borrowed(code);
    remove_main_part(&mut code, language);
    code
}

fn remove_main_part(code: &mut Code<'_>, language: &str) {
    match language {
        "python" => cut(code, PYTHON_MAIN),
        "cpp" => cut(code, CPP_MAIN),
        "go" => replace(code, GO_PACKAGE, ""),
        _ => {}
    }
    cut_example(code);
}

/// What the first version does with the code it has joined.
pub(super) fn rewrite_v1(code: &mut Code<'_>, language: &str, options: &ExtractOptions) {
    match language {
        "python" if options.remove_asserts => {
            let kept = keep_lines(code, &|line| !line.starts_with(ASSERT));
            set(code, kept);
        }
        "java" => {
            rename_main_class(code);
            complete_class(code, options);
        }
        _ => {}
    }
    remove_main_part(code, language);
}

/// What the second version does with the code it has joined; `text` is all the model wrote.
pub(super) fn rewrite_v2<'a>(
    code: &mut Code<'a>,
    text: &'a str,
    language: &str,
    options: &ExtractOptions,
) {
    let found = match language {
        "python" => Some(cut_python_main(code, options)),
        "cpp" | "c" => {
            cut(code, CPP_MAIN);
            None
        }
        "java" if options.inner_function_only => {
            find_method(code, r"(?:public|private|protected)\s+static\s+")
        }
        "csharp" if options.inner_function_only => {
            find_method(code, r"(?:public|private|protected|internal)\s+static\s+")
        }
        "java" => {
            rename_main_class(code);
            replace(code, "public class Solution {", "class Solution {");
            complete_class(code, options);
            None
        }
        "kotlin" => without_main(code, r"fun\s+main\((.*?))\s*{"),
        "go" => {
            if !options.no_removal {
                replace(code, GO_PACKAGE, "");
            }
            without_main(code, r"func\s+main\((.*?))\s*{")
        }
        "scala" => scala_body(code),
        "verilog" if code.is_empty() => {
            *code = Cow::Borrowed(text);
            None
        }
        "verilog" => verilog_body(code),
        _ => None,
    };
    if let Some(found) = found {
        set(code, found);
    }
}

const ASSERT: &str = "assert ";

/// The lines before the first that holds `__name__` and `__main__`, on request without asserts.
fn cut_python_main(code: &str, options: &ExtractOptions) -> String {
    let mut lines = split_lines(code);
    let is_main = |line: &&str| contains(line, "__name__") && contains(line, "__main__");
    let end = lines.iter().position(is_main).unwrap_or(lines.len());
    lines.truncate(end);
    if options.remove_asserts {
        // The original splits the lines once more, which takes the line end of the last one.
        lines.pop_if(|last| last.is_empty());
        lines.retain(|line| !line.starts_with(ASSERT));
    }
    join(&lines, "\n")
}

/// Turns a program into the class `Solution` that Java's tests call.
fn rename_main_class(code: &mut Code<'_>) {
    let opening = "public class Main {\n";
    if contains(code, opening) {
        replace(code, opening, "class Solution {\n");
        replace(code, "public static void main(String[] args)", "");
    }
}

/// Puts the class `Solution` around code without it, from the line of the function asked for on; and
/// the imports of the declaration in front, each before the one above it.
#[inline(never)]
fn complete_class(code: &mut Code<'_>, options: &ExtractOptions) {
    let entry = options.entry_point.as_deref().unwrap_or_default();
    if !entry.is_empty() && !contains(code, "class Solution") {
        if let Some(line) = split(code, "\n").find(|line| contains(line, entry)) {
            let wrapped = fill("class Solution {\n{}", &[line]);
            set(code, search::replace(code, line, &wrapped) + "\n}");
        }
    }
    for line in split(options.declaration.as_deref().unwrap_or_default(), "\n") {
        if contains(line, "import") {
            set(code, fill("{}\n{}", &[line, code]));
        }
    }
}

/// Where the body that begins at `start` ends: behind the brace that closes it.
fn end_of_body(code: &str, start: usize) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, byte) in text_from(code, start).bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Some(start + at + 1);
        }
    }
    None
}

/// The code without the main function, whose opener is `pattern`, and its body.
fn without_main(code: &str, pattern: &str) -> Option<String> {
    let found = find(code, pattern)?;
    let end = end_of_body(code, found.end)?;
    Some([text_to(code, found.start), text_from(code, end)].concat())
}

/// The first static method, from its first word on:
/// `(public|private)\s+(static\s+)(.*?)\((.*?)\)\s*{`. Where the rest does not follow one opener,
/// it follows no later one.
fn find_method(code: &str, front: &str) -> Option<String> {
    let front = find(code, front)?;
    let rest = split_once(text_from(code, front.end), "(")?.1;
    let body = code.len() - rest.len() + find(rest, r")\s*{")?.end;
    let method = text_between(code, front.start, end_of_body(code, body)?);
    Some(method.to_owned())
}

/// `object\s+\w+(\s+extends\s+\w+)?\s*\n*\{(.*)\}`, up to the last brace.
fn scala_body(code: &str) -> Option<String> {
    let found = find(code, r"object\s+\w+(?:\s+extends\s+\w+)?\s*{")?;
    let rest = text_from(code, found.end);
    Some(text_to(rest, find_last(rest, "}")?).to_owned())
}

/// `module\s+\w+\s+\((.*?)\);(.*?)endmodule`.
fn verilog_body(code: &str) -> Option<String> {
    let ports = find(code, r"module\s+\w+\s+\((.*?));")?;
    let (body, _) = split_once(text_from(code, ports.end), "endmodule")?;
    Some(body.to_owned() + "\nendmodule")
}
