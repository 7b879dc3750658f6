//! Code in, the part of it that a test harness wants out, language by language.

use std::borrow::Cow;

use crate::profile::ExtractOptions;
use crate::profile::rules::clean::cut_at;
use crate::profile::rules::find::find;
use crate::profile::rules::lines::keep_lines;
use crate::python::search::{self, contains, find_last, join, split, split_once};
use crate::python::text::{split_lines, text_between, text_from, text_to};

const PYTHON_MAIN: &str = "if __name__ == \"__main__\":";
const CPP_MAIN: &str = "int main()";
const EXAMPLE: &str = "# Example usage";
const GO_PACKAGE: &str = "package main";

/// Code that stands in the model's text until it is changed.
type Code<'a> = Cow<'a, str>;

/// Cuts before `# Example usage`, in any language.
pub(super) fn cut_example(code: &mut Code<'_>) {
    cut(code, EXAMPLE);
}

fn cut(code: &mut Code<'_>, mark: &str) {
    match code {
        Cow::Borrowed(code) => *code = cut_at(code, mark),
        Cow::Owned(code) => *code = cut_at(code, mark).to_owned(),
    }
}

pub(super) fn replace(code: &mut Code<'_>, part: &str, by: &str) {
    if contains(code, part) {
        *code = Cow::Owned(search::replace(code, part, by));
    }
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
        "python" if options.remove_asserts => *code = Cow::Owned(remove_asserts(code)),
        "java" => {
            rename_main_class(code);
            wrap_in_solution(code, options);
            add_imports(code, options);
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
    match language {
        "python" => *code = Cow::Owned(cut_python_main(code, options)),
        "cpp" | "c" => cut(code, CPP_MAIN),
        "java" if options.inner_function_only => keep_method(code, &METHODS[..3]),
        "csharp" if options.inner_function_only => keep_method(code, &METHODS),
        "java" => {
            rename_main_class(code);
            replace(code, "public class Solution {", "class Solution {");
            wrap_in_solution(code, options);
            add_imports(code, options);
        }
        "go" => {
            if !options.no_removal {
                replace(code, GO_PACKAGE, "");
            }
            remove_main(code, r"func\s+main\((.*?))\s*{");
        }
        "kotlin" => remove_main(code, r"fun\s+main\((.*?))\s*{"),
        "scala" => keep(code, scala_body),
        "verilog" => {
            keep(code, verilog_body);
            if code.is_empty() {
                *code = Cow::Borrowed(text);
            }
        }
        _ => {}
    }
}

/// The lines before the first that holds `__name__` and `__main__`, on request without asserts.
fn cut_python_main(code: &str, options: &ExtractOptions) -> String {
    let mut lines = split_lines(code);
    let is_main = |line: &&str| contains(line, "__name__") && contains(line, "__main__");
    let end = lines.iter().position(is_main).unwrap_or(lines.len());
    lines.truncate(end);
    let code = join(&lines, "\n");
    if !options.remove_asserts {
        return code;
    }
    // All lines end with line feeds now, and the last with nothing.
    remove_asserts(code.strip_suffix('\n').unwrap_or(&code))
}

fn remove_asserts(code: &str) -> String {
    keep_lines(code, &|line| !line.starts_with("assert "))
}

/// Turns a program into the class `Solution` that Java's tests call.
fn rename_main_class(code: &mut Code<'_>) {
    let opening = "public class Main {\n";
    if contains(code, opening) {
        replace(code, opening, "class Solution {\n");
        replace(code, "public static void main(String[] args)", "");
    }
}

/// Puts the class `Solution` around code without it, from the line of the function asked for on.
fn wrap_in_solution(code: &mut Code<'_>, options: &ExtractOptions) {
    let entry = options.entry_point.as_deref().unwrap_or_default();
    if entry.is_empty() || contains(code, "class Solution") {
        return;
    }
    if let Some(line) = split(code, "\n").find(|line| contains(line, entry)) {
        let wrapped = ["class Solution {\n", line].concat();
        *code = Cow::Owned(search::replace(code, line, &wrapped) + "\n}");
    }
}

/// Puts the imports of the declaration in front, each before the one above it.
fn add_imports(code: &mut Code<'_>, options: &ExtractOptions) {
    for line in split(options.declaration.as_deref().unwrap_or_default(), "\n") {
        if contains(line, "import") {
            *code = Cow::Owned([line, "\n", code.as_ref()].concat());
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

/// Removes the main function, whose opener is `pattern`, with its body.
fn remove_main(code: &mut Code<'_>, pattern: &str) {
    let Some(found) = find(code, pattern) else {
        return;
    };
    if let Some(end) = end_of_body(code, found.end) {
        *code = Cow::Owned([text_to(code, found.start), text_from(code, end)].concat());
    }
}

/// The fronts of static methods: of Java the first three, of C# all.
const METHODS: [&str; 4] = [
    r"public\s+static\s+",
    r"private\s+static\s+",
    r"protected\s+static\s+",
    r"internal\s+static\s+",
];

/// Keeps the first static method, from its first word on:
/// `(public|private)\s+(static\s+)(.*?)\((.*?)\)\s*{`. Where the rest does not follow one opener,
/// it follows no later one.
fn keep_method(code: &mut Code<'_>, fronts: &[&str]) {
    let found = fronts.iter().filter_map(|front| find(code, front));
    let method = found.min_by_key(|found| found.start).and_then(|front| {
        let rest = split_once(text_from(code, front.end), "(")?.1;
        let body = code.len() - rest.len() + find(rest, r")\s*{")?.end;
        Some(text_between(code, front.start, end_of_body(code, body)?))
    });
    if let Some(method) = method {
        *code = Cow::Owned(method.to_owned());
    }
}

/// Keeps what is found in the code, if anything is.
fn keep(code: &mut Code<'_>, find: fn(&str) -> Option<String>) {
    if let Some(found) = find(code) {
        *code = Cow::Owned(found);
    }
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
