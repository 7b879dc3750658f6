//! Native speed of the block scanner beside `pulldown-cmark`, on texts as models write them.
//!
//! ```sh
//! cargo bench --bench scan
//! ```

#![expect(clippy::indexing_slicing, reason = "a measurement may panic")]

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use fencerun::markdown::{Extractor, Options, scan};
use pulldown_cmark::{Event, Parser, Tag};

fn main() {
    divan::main();
}

const PROSE: [&str; 8] = [
    "To solve this, we first note that the function `f(x)` is increasing on the whole interval.",
    "The number of pairs is $n(n-1)/2$, so a brute force over all of them is fast enough here.",
    "Let me check this with a short program, and compare the result with the value we expect.",
    "Substituting back, we obtain 3x + 7 = 22 and therefore x = 5, which satisfies both equations.",
    "However, the sum is taken over primes only; 1 is not a prime, and neither is 91 = 7 * 13.",
    "So the answer is the *largest* of these values, but we must not forget the boundary cases.",
    "Note that `range(1, n)` stops before `n`, which is exactly what the problem statement asks.",
    "This matches the small cases computed by hand above, which makes me fairly confident in it.",
];

const MULTILINGUAL: [&str; 4] = [
    "首先，我们注意到函数 `f(x)` 在整个区间上是递增的，因此方程最多有一个解。",
    "Заметим, что сумма берётся только по простым числам, и поэтому ответ равен пяти.",
    "したがって、境界の場合を忘れずに確認する必要があります。答えは次のとおりです。",
    "Überprüfen wir das Ergebnis mit einem kurzen Programm und vergleichen die Werte.",
];

const CODE: [&str; 8] = [
    "def count(n):",
    "    total = 0",
    "    for i in range(2, n):",
    "        if all(i % p for p in range(2, int(i ** 0.5) + 1)):",
    "            total += i",
    "    return total",
    "",
    "print(count(1000))",
];

/// A text of about `length` bytes: paragraphs, lists and now and then a block of code.
fn make_text(length: usize, prose: &[&str]) -> String {
    let mut text = String::new();
    let mut part = 0_usize;
    while text.len() < length {
        let line = |offset: usize| prose[(part * 3 + offset) % prose.len()];
        match part % 5 {
            0 | 2 => {
                for offset in 0..4 {
                    text.push_str(line(offset));
                    text.push('\n');
                }
            }
            1 => {
                for offset in 0..3 {
                    let _ = writeln!(text, "{}. **Step.** {}", offset + 1, line(offset));
                }
            }
            3 => {
                let _ = writeln!(text, "### Part {part}\n\n{}", line(0));
            }
            _ => {
                text.push_str("```python\n");
                for line in CODE.iter().chain(&CODE).chain(&CODE) {
                    text.push_str(line);
                    text.push('\n');
                }
                text.push_str("```\n");
            }
        }
        text.push('\n');
        part += 1;
    }
    text
}

/// English and many languages, as texts of about 25 kB.
fn texts() -> [(&'static str, String); 2] {
    [
        ("english", make_text(25_000, &PROSE)),
        ("multilingual", make_text(25_000, &MULTILINGUAL)),
    ]
}

const NAMES: [&str; 2] = ["english", "multilingual"];

fn run(bencher: Bencher<'_, '_>, name: &str, work: impl Fn(&str) -> usize + Sync) {
    let text = texts()
        .into_iter()
        .find(|(own, _)| *own == name)
        .map(|(_, text)| text);
    let text = text.unwrap_or_default();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| work(&text));
}

#[divan::bench(args = NAMES)]
fn scan_commonmark(bencher: Bencher<'_, '_>, name: &str) {
    run(bencher, name, |text| scan(text, &Options::default()).len());
}

#[divan::bench(args = NAMES)]
fn scan_model_output(bencher: Bencher<'_, '_>, name: &str) {
    run(bencher, name, |text| {
        scan(text, &Options::MODEL_OUTPUT).len()
    });
}

#[divan::bench(args = NAMES)]
fn extractor_in_chunks_of_8_bytes(bencher: Bencher<'_, '_>, name: &str) {
    run(bencher, name, |text| {
        let mut extractor = Extractor::new(&Options::MODEL_OUTPUT);
        let pushed: usize = text
            .as_bytes()
            .chunks(8)
            .map(|chunk| extractor.push(chunk).len())
            .sum();
        pushed + extractor.finish().len()
    });
}

#[divan::bench(args = NAMES)]
fn pulldown_cmark(bencher: Bencher<'_, '_>, name: &str) {
    run(bencher, name, |text| {
        let is_code = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)));
        Parser::new(text).filter(is_code).count()
    });
}
