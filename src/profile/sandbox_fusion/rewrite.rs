//! Code in, the part of it that a test harness wants out, language by language.

use crate::python::search::{self, contains, find_last, places, split, split_once};
use std::borrow::Cow;

use super::blocks::after_space;
use crate::profile::ExtractOptions;
use crate::profile::rules::clean::cut_at;
use crate::profile::rules::find::{
    Found, Head, Miss, Pattern, close_with, space_length, word_length,
};
use crate::profile::rules::lines::{join, keep_lines};
use crate::python::text::split_lines;

const PYTHON_MAIN: &str = "if __name__ == \"__main__\":";
const CPP_MAIN: &str = "int main()";
const EXAMPLE: &str = "# Example usage";
const GO_PACKAGE: &str = "package main";

/// Cuts before `# Example usage`, in any language.
pub(super) fn cut_example(code: Cow<'_, str>) -> Cow<'_, str> {
    cut(code, EXAMPLE)
}

fn cut<'a>(code: Cow<'a, str>, mark: &str) -> Cow<'a, str> {
    match code {
        Cow::Borrowed(code) => Cow::Borrowed(cut_at(code, mark)),
        Cow::Owned(code) => Cow::Owned(cut_at(&code, mark).to_owned()),
    }
}

fn remove<'a>(code: Cow<'a, str>, part: &str) -> Cow<'a, str> {
    replace(code, part, "")
}

fn replace<'a>(code: Cow<'a, str>, part: &str, by: &str) -> Cow<'a, str> {
    if contains(&code, part) {
        return Cow::Owned(search::replace(&code, part, by));
    }
    code
}

/// `remove_entripoints`: cuts before the main part of Python and C++, removes Go's package.
#[must_use]
pub fn remove_entry_points<'a>(code: &'a str, language: &str) -> Cow<'a, str> {
    let code = Cow::Borrowed(code);
    cut_example(match language {
        "python" => cut(code, PYTHON_MAIN),
        "cpp" => cut(code, CPP_MAIN),
        "go" => remove(code, GO_PACKAGE),
        _ => code,
    })
}

/// What the first version does with the code it has joined.
pub(super) fn rewrite_v1<'a>(
    code: Cow<'a, str>,
    language: &str,
    options: &ExtractOptions,
) -> Cow<'a, str> {
    let code = match language {
        "python" if options.remove_asserts => Cow::Owned(remove_asserts(&code)),
        "java" => {
            let code = rename_main_class(code);
            return cut_example(add_imports(wrap_in_solution(code, options), options));
        }
        _ => code,
    };
    cut_example(match language {
        "python" => cut(code, PYTHON_MAIN),
        "cpp" => cut(code, CPP_MAIN),
        "go" => remove(code, GO_PACKAGE),
        _ => code,
    })
}

/// What the second version does with the code it has joined; `text` is all the model wrote.
pub(super) fn rewrite_v2<'a>(
    code: Cow<'a, str>,
    text: &'a str,
    language: &str,
    options: &ExtractOptions,
) -> Cow<'a, str> {
    match language {
        "python" => Cow::Owned(cut_python_main(&code, options)),
        "cpp" | "c" => cut(code, CPP_MAIN),
        "java" if options.inner_function_only => {
            keep_method(code, &["public", "private", "protected"])
        }
        "csharp" if options.inner_function_only => {
            keep_method(code, &["public", "private", "protected", "internal"])
        }
        "java" => {
            let code = replace(
                rename_main_class(code),
                "public class Solution {",
                "class Solution {",
            );
            add_imports(wrap_in_solution(code, options), options)
        }
        "go" if options.no_removal => remove_main(code, "func"),
        "go" => remove_main(remove(code, GO_PACKAGE), "func"),
        "kotlin" => remove_main(code, "fun"),
        "scala" => keep_body(code, SCALA_OBJECT, ""),
        "verilog" => {
            let code = keep_body(code, VERILOG_MODULE, "\nendmodule");
            if code.is_empty() {
                Cow::Borrowed(text)
            } else {
                code
            }
        }
        _ => code,
    }
}

/// The lines before the first that holds `__name__` and `__main__`, on request without asserts.
fn cut_python_main(code: &str, options: &ExtractOptions) -> String {
    let mut lines = split_lines(code);
    let is_main = |line: &&str| contains(line, "__name__") && contains(line, "__main__");
    let end = lines.iter().position(is_main).unwrap_or(lines.len());
    lines.truncate(end);
    let code = join(lines);
    if !options.remove_asserts {
        return code;
    }
    // All lines end with line feeds now, and the last with nothing.
    let code = code.strip_suffix('\n').unwrap_or(&code);
    remove_asserts(code)
}

fn remove_asserts(code: &str) -> String {
    keep_lines(code, &|line| !line.starts_with("assert "))
}

/// Turns a program into the class `Solution` that Java's tests call.
fn rename_main_class(code: Cow<'_, str>) -> Cow<'_, str> {
    let opening = "public class Main {\n";
    if !contains(&code, opening) {
        return code;
    }
    let code = replace(code, opening, "class Solution {\n");
    remove(code, "public static void main(String[] args)")
}

/// Puts the class `Solution` around code without it, from the line of the function asked for on.
fn wrap_in_solution<'a>(code: Cow<'a, str>, options: &ExtractOptions) -> Cow<'a, str> {
    let entry = options
        .entry_point
        .as_deref()
        .filter(|entry| !entry.is_empty());
    let Some(entry) = entry.filter(|_| !contains(&code, "class Solution")) else {
        return code;
    };
    let line = split(&code, "\n").find(|line| contains(line, entry));
    match line {
        Some(line) => {
            let wrapped = format!("class Solution {{\n{line}");
            Cow::Owned(search::replace(&code, line, &wrapped) + "\n}")
        }
        None => code,
    }
}

/// Puts the imports of the declaration in front, each before the one above it.
fn add_imports<'a>(code: Cow<'a, str>, options: &ExtractOptions) -> Cow<'a, str> {
    let declaration = options.declaration.as_deref().unwrap_or_default();
    let imports: Vec<&str> = split(declaration, "\n")
        .filter(|line| contains(line, "import"))
        .collect();
    if imports.is_empty() {
        return code;
    }
    let mut lines: Vec<&str> = imports.into_iter().rev().collect();
    lines.push(&code);
    Cow::Owned(search::join(&lines, "\n"))
}

/// `\)\s*{`: the closers lie apart, so all of them together are walked once.
fn close_parameters(rest: &str) -> Option<(usize, usize)> {
    places(rest, ")").find_map(|at| {
        let after = rest.get(at + 1..)?;
        let space = space_length(after);
        let opened = after.get(space..)?.starts_with('{');
        opened.then_some((at, space + 2))
    })
}

/// Where the body that begins at `start` ends: behind the brace that closes it.
fn end_of_body(code: &str, start: usize) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, brace) in code.get(start..)?.match_indices(['{', '}']) {
        depth = if brace == "{" { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return Some(start + at + 1);
        }
    }
    None
}

/// `\s+main\(`
const MAIN: Head = |rest| {
    let after = after_space(rest).and_then(|after| after.strip_prefix("main("));
    after
        .map(|after| rest.len() - after.len())
        .ok_or(Miss::Here)
};

/// Removes the main function with its body.
fn remove_main<'a>(code: Cow<'a, str>, open: &'static str) -> Cow<'a, str> {
    let main = Pattern {
        open,
        head: MAIN,
        close: close_parameters,
    };
    let body = main
        .find(&code)
        .and_then(|found| Some((found.start, end_of_body(&code, found.end)?)));
    let parts = body.and_then(|(start, end)| Some((code.get(..start)?, code.get(end..)?)));
    match parts {
        Some((before, after)) => Cow::Owned(format!("{before}{after}")),
        None => code,
    }
}

/// Keeps the first static method with one of these words in front, from that word on:
/// `(public|private)\s+(static\s+)(.*?)\((.*?)\)\s*{`. Where the rest does not follow one opener,
/// it follows no later one.
fn keep_method<'a>(code: Cow<'a, str>, words: &[&str]) -> Cow<'a, str> {
    let opener = code.match_indices(['p', 'i']).find_map(|(at, _)| {
        let rest = code.get(at..)?;
        let after = words.iter().find_map(|word| rest.strip_prefix(word))?;
        let after = after_space(after_space(after)?.strip_prefix("static")?)?;
        Some((at, code.len() - after.len()))
    });
    let body = opener.and_then(|(start, head)| {
        let parameters = head + search::find(code.get(head..)?, "(")? + 1;
        let (before, closer) = close_parameters(code.get(parameters..)?)?;
        Some((start, end_of_body(&code, parameters + before + closer)?))
    });
    match body.and_then(|(start, end)| code.get(start..end)) {
        Some(method) => Cow::Owned(method.to_owned()),
        None => code,
    }
}

/// `object\s+\w+(\s+extends\s+\w+)?\s*\n*\{(.*)\}`, up to the last brace.
const SCALA_OBJECT: Pattern = Pattern {
    open: "object",
    head: |rest| scala_head(rest).ok_or(Miss::Here),
    close: |rest| find_last(rest, "}").map(|end| (end, 1)),
};

fn scala_head(rest: &str) -> Option<usize> {
    let name = after_space(rest)?;
    let after = after_word(name)?;
    let extended = after_space(after)
        .and_then(|after| after_word(after_space(after.strip_prefix("extends")?)?))
        .unwrap_or(after);
    let body = extended.get(space_length(extended)..)?.strip_prefix('{')?;
    Some(rest.len() - body.len())
}

/// `module\s+\w+\s+\((.*?)\);(.*?)endmodule`.
const VERILOG_MODULE: Pattern = Pattern {
    open: "module",
    head: |rest| verilog_head(rest).ok_or(Miss::Here),
    close: |rest| {
        let (ports, closer) = close_with(rest, ");")?;
        let (body, end) = close_with(rest.get(ports + closer..)?, "endmodule")?;
        Some((ports + closer + body, end))
    },
};

fn verilog_head(rest: &str) -> Option<usize> {
    let ports = after_space(after_word(after_space(rest)?)?)?.strip_prefix('(')?;
    Some(rest.len() - ports.len())
}

/// What follows the word at the front, which has to be there: `\w+`.
fn after_word(text: &str) -> Option<&str> {
    let word = word_length(text);
    text.get(word..).filter(|_| word > 0)
}

/// Keeps the body of the first match and puts `end` behind it.
fn keep_body<'a>(code: Cow<'a, str>, pattern: Pattern, end: &str) -> Cow<'a, str> {
    let body = |found: Found<'_>| match pattern.open {
        "module" => split_once(found.body, ");").map(|(_, body)| body.to_owned()),
        _ => Some(found.body.to_owned()),
    };
    match pattern.find(&code).and_then(body) {
        Some(body) => Cow::Owned(body + end),
        None => code,
    }
}
