//! The law that doubling a text no more than doubles the work, for every profile, on floods of
//! whatever opens and never closes. Work is counted in bytes that searches look at, not in time.

use super::rules::find::WORK;
use super::{ExtractOptions, profiles};

/// What is repeated, and what follows once at the end.
const FLOODS: [(&str, &str); 34] = [
    ("`", ""),
    ("```", ""),
    ("````", "\n"),
    ("```\n", ""),
    ("``` ", "\n"),
    ("```python\n", ""),
    ("```python x", ""),
    ("```\npython", ""),
    ("```py\n  ", "```"),
    ("\n```python", "\n"),
    ("x\n   ", "```"),
    ("\n \t", "```"),
    ("<code>", ""),
    ("</code>", "<code>"),
    ("<python>", "</python"),
    ("<a><b><c>", "</d>"),
    ("<a>", "</a"),
    ("</a>", "<a>"),
    ("<tool>", ""),
    ("<tool_call>", ""),
    ("<tool_call>{", "}"),
    ("<tool_call> {} ", "</tool_call"),
    ("Answer: ", ""),
    ("Answer:\\boxed{", ""),
    ("Answer:\\boxed{}", "{"),
    ("{", "}"),
    ("import x\n", "def f():\n"),
    ("def f():\n", ""),
    ("with a\n", "as"),
    ("select ", ""),
    ("public static void f(", ""),
    ("func main() ", "{"),
    ("object A {", ""),
    ("module m (a) ;", "endmodule"),
];

fn options(language: &str) -> ExtractOptions {
    ExtractOptions {
        language: Some(language.to_owned()).filter(|language| !language.is_empty()),
        inner_function_only: true,
        remove_asserts: true,
        ..ExtractOptions::default()
    }
}

fn work(profile: &str, text: &str, options: &ExtractOptions) -> usize {
    WORK.set(0);
    let found = super::extract_with(profile, text, options);
    assert!(found.is_ok());
    WORK.get()
}

#[test]
fn no_flood_makes_the_work_of_any_profile_grow_faster_than_the_text() {
    for profile in profiles().filter(|profile| profile.extract.is_some()) {
        let is_many = profile.name.starts_with("sandbox-fusion");
        let languages: &[&str] = if is_many {
            &[
                "", "python", "sql", "bash", "java", "go", "scala", "verilog", "kotlin", "csharp",
            ]
        } else {
            &[""]
        };
        for (language, (flood, end)) in languages
            .iter()
            .flat_map(|language| FLOODS.map(|flood| (language, flood)))
        {
            let options = options(language);
            let of = |count: usize| work(profile.name, &(flood.repeat(count) + end), &options);
            let (once, twice) = (of(500), of(1_000));
            let name = profile.name;
            assert!(
                twice <= 2 * once + once / 4 + 200,
                "{name} ({language}), {flood:?} and {end:?}: {once} then {twice}"
            );
        }
    }
}

#[test]
fn the_spans_of_programs_hold_their_code() {
    for profile in profiles().filter(|profile| profile.extract.is_some()) {
        for (flood, end) in FLOODS {
            let text = format!("é😀{flood}{end}```python\nx = '```'\n```{flood}");
            let extracted = super::extract_with(profile.name, &text, &options(""));
            for program in extracted
                .into_iter()
                .flat_map(|extracted| extracted.programs)
            {
                let code = program.span.map(|span| span.of(&text));
                assert!(
                    code.is_none_or(|code| code == Some(program.code.as_str())),
                    "{} {text:?}",
                    profile.name
                );
            }
        }
    }
}
