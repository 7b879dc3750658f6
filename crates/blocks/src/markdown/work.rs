//! The work of the scanner is linear.

#[cfg(test)]
mod tests {
    use fencerun_bytes::work::take_work;

    use crate::markdown::{Extractor, IndentedCode, Options, scan};

    /// The steps per byte of `text`: as a whole, and in chunks of three bytes.
    fn work_per_byte(text: &str, options: Options) -> [usize; 2] {
        let _ = take_work();
        assert!(scan(text, &options).len() <= text.len());
        let whole = take_work();
        let mut extractor = Extractor::new(&options);
        for chunk in text.as_bytes().chunks(3) {
            extractor.push(chunk);
        }
        extractor.finish();
        let streamed = take_work();
        [whole / text.len(), streamed / text.len()]
    }

    /// Checks that doubling the input does not grow the work per byte.
    fn assert_linear(name: &str, make: impl Fn(usize) -> String) {
        let reported = Options {
            indented_code: IndentedCode::Report,
            ..Options::default()
        };
        let measure = |text: &str| {
            let [model, plain] =
                [Options::MODEL_OUTPUT, reported].map(|options| work_per_byte(text, options));
            model.into_iter().chain(plain)
        };
        let (small, large) = (measure(&make(500)), measure(&make(4_000)));
        for (small, large) in small.zip(large) {
            assert!(
                large <= small + small / 4 + 2,
                "{name}: {small} becomes {large}"
            );
            assert!(large < 60, "{name}: {large} steps per byte");
        }
    }

    fn repeat(piece: &'static str) -> impl Fn(usize) -> String {
        move |count| piece.repeat(count)
    }

    #[test]
    fn repeated_pieces_are_linear() {
        for piece in [
            "text\n",
            "> ",
            "- ",
            "1. ",
            "* ",
            "`",
            "~",
            "```\n",
            "```a\n",
            "```\n\n",
            "`` ` ``\n",
            "> ```\n",
            "- ```\n",
            " ",
            "\t",
            "\n",
            "> \n",
            "-\n",
            "    a\n",
            "    a\n\n",
            "\n    \n",
            "<a ",
            "<a b='",
            "</pre>",
            "<!--",
            "<!-- -->\n",
            "<?",
            "[",
            "[a]: /u\n",
            "[a]:\n",
            "\\",
            "[a]: (",
            "[a]: /u '\n",
            "&amp;",
            "~~~&",
            "_ ",
            "-\t",
            "\t> ",
            "a\n===\n",
            "\r",
            "\r\n",
        ] {
            assert_linear(piece, repeat(piece));
        }
    }

    #[test]
    fn deep_nesting_with_many_lines_after_it_is_linear() {
        for (opening, line) in [
            ("> ", "\n"),
            ("> ", "a\n"),
            ("> ", ">\n"),
            ("> ", "> a\n"),
            ("- ", "\n"),
            ("- ", " \n"),
            ("- ", "      \n"),
            ("- ", "a\n"),
            ("- ", "- a\n"),
            ("1. ", "\n"),
            ("> - ", "\n"),
            ("> - ", ">\n"),
            ("- > ", "  >\n"),
            ("-\t", "\t\n"),
            ("* ", "* * * a\n"),
        ] {
            for leaf in ["a\n", "```\n", "    a\n", "<!--\n", "\n"] {
                assert_linear(&format!("{opening:?} {leaf:?} {line:?}"), |count| {
                    format!("{}{leaf}{}", opening.repeat(count), line.repeat(count))
                });
            }
        }
    }

    #[test]
    fn nesting_that_indentation_continues_is_linear() {
        assert_linear("stairs", |count| {
            // The square root of `count` lines, each indented one level more.
            let levels = count.isqrt();
            let lines = (0..levels).map(|level| "  ".repeat(level) + "- a\n");
            lines.collect()
        });
        assert_linear("one indented line", |count| {
            format!("{}a\n{}b\n", "- ".repeat(count), " ".repeat(2 * count))
        });
        assert_linear("one line of tabs", |count| {
            format!("{}a\n{}b\n", "- ".repeat(count), "\t".repeat(count))
        });
    }

    #[test]
    fn repairs_that_are_not_confirmed_are_linear() {
        for piece in [
            "```python\ns = '''\n```\n",
            "> ```python\n> s = '''\n> ```\n> a\n\n",
            "> ```md\n> ```js\n> ```\n> a\n\n",
            "```md\n```js\n```\n",
            "```js\na\n",
            "- ```py\na\n",
            "- ```py\na\n\n",
            "> - ```py\n> a\n\n",
            "- - - ```py\na\n    b\n- c\n",
            "a ```js ",
            "a:```\na```\n",
            "```py a``` ",
            "```\na\n``` b\n",
            "'''\n\"\"\"\n```python\n```\n",
        ] {
            assert_linear(piece, repeat(piece));
            assert_linear(piece, |count| {
                format!("```python\n'''\n{}", piece.repeat(count))
            });
            assert_linear(piece, |count| {
                format!("> ```md\n> ```js\n{}", piece.repeat(count))
            });
        }
        assert_linear("nested", |count| {
            format!(
                "```md\n{}{}",
                "```js\n".repeat(count),
                "```\n".repeat(count)
            )
        });
    }

    #[test]
    fn one_long_line_is_linear() {
        for piece in ["a", "`", " ", "\t", "> ", "é", "\u{0}"] {
            assert_linear(piece, |count| {
                format!("```\n{}\n```\n", piece.repeat(count))
            });
            assert_linear(piece, |count| format!("> ```\n> {}\n", piece.repeat(count)));
        }
    }
}
